import type postgres from 'postgres';

/** Arguments of `dispatchr.enqueue` by their names in SQL, as texts that are cast to their types. */
export type EnqueueArguments = Partial<
  Record<
    'target' | 'task_args' | 'id' | 'queue' | 'flow_key' | 'due_at' | 'expires_at' | 'retry' | 'headers',
    string
  >
> & { task_name?: string | null; priority?: number; timeout_ms?: number };

/** The target of what names none. */
export const TARGET = 'https://app.example.com/tasks';

const TYPES: Record<string, string> = {
  task_args: 'json',
  retry: 'json',
  headers: 'json',
  due_at: 'timestamptz',
  expires_at: 'timestamptz',
  priority: 'integer',
  timeout_ms: 'integer',
};

/** Calls `dispatchr.enqueue` with the arguments that are given, by name; a target and a task name are there anyway. */
export async function callEnqueue(on: postgres.ISql, given: EnqueueArguments): Promise<string> {
  const named = Object.entries({ target: TARGET, task_name: 'send-receipt', ...given });
  const list = named.map(([name], index) => `${name} => $${index + 1}::text::${TYPES[name] ?? 'text'}`);
  const values = named.map(([, value]) => (value === null ? null : String(value)));
  const [row] = await on.unsafe(`SELECT dispatchr.enqueue(${list.join(', ')}) AS id`, values);
  return row?.['id'] as string;
}
