import type { Submission } from '@dispatchr/client';
import { UsageError } from '../usage-error.ts';

/** Flags of `dispatchr submit` that describe a task, as commander hands them over. */
export interface TaskFlags {
  target?: string;
  name?: string;
  /** Parsed JSON: with the flag left out the key is missing, since `undefined` is no JSON. */
  args?: unknown;
  id?: string;
  queue?: string;
  flowKey?: string;
  priority?: number;
  delay?: number;
  dueAt?: string;
  expiresAt?: string;
  timeout?: number;
  maxAttempts?: number;
  header?: readonly string[];
}

/** The members of a task that flags give; throws a UsageError for a header that is none. */
export function submissionOfFlags(flags: TaskFlags): Partial<Submission> {
  const { maxAttempts, header } = flags;
  const members = {
    target: flags.target,
    taskName: flags.name,
    taskArgs: flags.args,
    id: flags.id,
    queue: flags.queue,
    flowKey: flags.flowKey,
    priority: flags.priority,
    delayMs: flags.delay,
    dueAt: flags.dueAt,
    expiresAt: flags.expiresAt,
    timeoutMs: flags.timeout,
    retry: maxAttempts === undefined ? undefined : { maxAttempts },
    headers: header === undefined ? undefined : Object.fromEntries(header.map(readHeader)),
  };
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}

/** The members that neither flags nor a task on standard input may leave out. */
export function requireTargetAndName(task: Partial<Submission>): Submission {
  if (task.target === undefined || task.taskName === undefined) {
    const missing = task.target === undefined ? '--target' : '--name';
    throw new UsageError(
      `expected --target and --name, or - for tasks on standard input; ${missing} is missing`,
    );
  }
  return task as Submission;
}

function readHeader(text: string): [string, string] {
  const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(`--header: expected 'Name: value', got ${JSON.stringify(text)}`);
  }
  return [name, value ?? ''];
}
