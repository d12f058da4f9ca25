import { DispatchrError, isTerminal } from '@dispatchr/client';
import type { DispatchrClient, TaskFilter, TaskSummary } from '@dispatchr/client';
import { inParallel } from '../tasks/in-parallel.ts';

/** How many of the newest tasks a round lists. */
export const NEWEST_A_ROUND = 100;
/** How many single tasks a round reads at most: unfinished ones that are no longer among the newest. */
export const READ_A_ROUND = 20;
/** How many tasks are remembered at most; the one that was looked at longest ago is forgotten first. */
export const MOST_REMEMBERED = 1000;

const REQUESTS_AT_A_TIME = 4;

/** Follows tasks by asking in rounds. */
export interface Follower {
  /** One round: what appeared or changed since the one before, the oldest first. */
  round(): Promise<TaskSummary[]>;
}

/** Makes a follower of the tasks that pass the filter; its first round answers with the newest of them. */
export function createFollower(client: DispatchrClient, filter: TaskFilter): Follower {
  /** What was last seen of each task, in the order in which they were last looked at. */
  const seen = new Map<string, TaskSummary>();

  function note(task: TaskSummary): boolean {
    const before = seen.get(task.id);
    seen.delete(task.id);
    seen.set(task.id, task);
    return before === undefined || versionOf(before) !== versionOf(task);
  }

  async function readOlder(listed: readonly TaskSummary[]): Promise<TaskSummary[]> {
    const ids = new Set(listed.map(({ id }) => id));
    const unfinished = [...seen.values()].filter((task) => !isTerminal(task) && !ids.has(task.id));
    const found = await inParallel(unfinished.slice(0, READ_A_ROUND), REQUESTS_AT_A_TIME, async ({ id }) => {
      const task = await readIfThere(client, id);
      if (task === undefined) seen.delete(id);
      return task;
    });
    return found.filter((task) => task !== undefined);
  }

  return {
    async round() {
      const listed = await listNewest(client, filter);
      const older = await readOlder(listed);
      const changed = [...older, ...listed.toReversed()].filter(note);
      forget(seen, listed.length);
      return changed.filter(({ state }) => filter.state === undefined || state === filter.state);
    },
  };
}

async function listNewest(client: DispatchrClient, filter: TaskFilter): Promise<TaskSummary[]> {
  for await (const { items } of client.list({ ...filter, limit: NEWEST_A_ROUND }).pages()) return items;
  return [];
}

/** Two answers with the same version say the same of a task. */
function versionOf({ state, attempt, dueAt, cancelRequestedAt, finishedAt }: TaskSummary): string {
  return JSON.stringify([state, attempt, dueAt, cancelRequestedAt, finishedAt]);
}

/** What was listed stands at the end. Before it, finished tasks can be forgotten: they are not read again. */
function forget(seen: Map<string, TaskSummary>, listed: number): void {
  const others = [...seen.values()].slice(0, seen.size - listed);
  for (const task of others) {
    if (isTerminal(task) || seen.size > MOST_REMEMBERED) seen.delete(task.id);
  }
}

/** The summary of a task, without its content, of which a thousand might be large; undefined if it is gone. */
async function readIfThere(client: DispatchrClient, id: string): Promise<TaskSummary | undefined> {
  try {
    const {
      waiting: _,
      taskArgs: _args,
      request: _request,
      headers: _headers,
      ...task
    } = await client.get(id);
    const { idempotencyKey: _key, traceparent: _parent, tracestate: _state, ...summary } = task;
    return summary;
  } catch (error) {
    if (error instanceof DispatchrError && error.status === 404) return undefined;
    throw error;
  }
}
