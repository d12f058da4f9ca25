import { setTimeout as sleep } from 'node:timers/promises';

/** A task as a scenario submits it; what is left out is filled in. */
export interface NewTask {
  readonly target: string;
  readonly [member: string]: unknown;
}

/** What a scenario looks at in a task. */
export interface SeenTask {
  readonly id: string;
  readonly state: string;
  readonly dueAt: string;
  readonly waiting?: { readonly reason: string; readonly until?: string; readonly before?: number };
}

/** What an operator and a producer do at a recorder; everything throws unless it succeeds. */
export interface RecorderCalls {
  /** Changes settings of a queue. */
  put(queue: string, settings: Readonly<Record<string, unknown>>): Promise<void>;
  pause(queue: string): Promise<void>;
  resume(queue: string): Promise<void>;
  /** Submits in batches of 1,000, one after the other, and answers with the ids. */
  submit(tasks: readonly NewTask[]): Promise<string[]>;
  /** Submits one by itself. */
  submitOne(task: NewTask): Promise<SeenTask>;
  task(id: string): Promise<SeenTask>;
  /** The state of an origin; `healthy` if the list does not hold it. */
  targetState(origin: string): Promise<string>;
}

/** Limits and pauses count from a second after they were put. Spec: QUE-012, QUE-020. */
export const KNOWN_AFTER_MS = 1000;

/** Waits until every scheduler knows the settings that were put last. */
export function settingsAreKnown(): Promise<void> {
  return sleep(KNOWN_AFTER_MS);
}

const BATCH_SIZE = 1000;

/** Calls the API of a recorder at a URL. */
export function createRecorderCalls(url: string): RecorderCalls {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}/v1/${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new Error(`expected success of ${method} ${path}, got ${response.status}: ${text}`);
    return JSON.parse(text) as Answer;
  };
  return {
    put: (queue, settings) => call('PUT', `queues/${queue}`, settings),
    pause: (queue) => call('POST', `queues/${queue}/pause`),
    resume: (queue) => call('POST', `queues/${queue}/resume`),
    async submit(tasks) {
      const ids: string[] = [];
      for (let from = 0; from < tasks.length; from += BATCH_SIZE) {
        const batch = tasks.slice(from, from + BATCH_SIZE).map(filledIn);
        const answer = await call<{ tasks: { task: SeenTask }[] }>('POST', 'tasks/batch', { tasks: batch });
        ids.push(...answer.tasks.map(({ task }) => task.id));
      }
      return ids;
    },
    submitOne: (task) => call('POST', 'tasks', filledIn(task)),
    task: (id) => call('GET', `tasks/${id}`),
    async targetState(origin) {
      const path = `targets?origin=${encodeURIComponent(origin)}`;
      const { targets } = await call<{ targets: { state: string }[] }>('GET', path);
      return targets[0]?.state ?? 'healthy';
    },
  };
}

function filledIn(task: NewTask): NewTask {
  return { taskName: 'scenario', taskArgs: null, ...task };
}
