import { DispatchrError } from '@dispatchr/client';
import type { Attempt, DispatchrClient, TaskSummary } from '@dispatchr/client';
import { escapeControls } from '../show/escape-controls.ts';
import { whereItStands } from '../show/where-it-stands.ts';
import type { ShownTask } from '../show/where-it-stands.ts';
import { inParallel } from './in-parallel.ts';

/** A task with what its sentence is made of. */
export interface Standing {
  task: ShownTask;
  lastAttempt?: Attempt;
}

/** For so many tasks of a list what is beyond their summary is read, two requests for each at most, so many at a time. */
export const DETAILED_TASKS = 50;
const REQUESTS_AT_A_TIME = 8;

/** Attempts are listed from the first on: a task that had more than these is told of without its last one. */
const MOST_ATTEMPTS = 100;

/** Reads what the sentences of tasks need beyond their summaries; tasks beyond the first `DETAILED_TASKS` go without. */
export async function readStandings(
  client: DispatchrClient,
  tasks: readonly TaskSummary[],
  nowMs: number,
): Promise<Standing[]> {
  const detailed = await inParallel(tasks.slice(0, DETAILED_TASKS), REQUESTS_AT_A_TIME, (task) =>
    readStanding(client, task, nowMs),
  );
  return [...detailed, ...tasks.slice(DETAILED_TASKS).map((task) => ({ task }))];
}

/** Reads what the sentence of a task needs: why it waits, and its last attempt. A task that is gone meanwhile goes without. */
export async function readStanding(
  client: DispatchrClient,
  task: ShownTask,
  nowMs: number,
): Promise<Standing> {
  try {
    const waits = task.state === 'pending' && Date.parse(task.dueAt) <= nowMs && task.waiting === undefined;
    const latest = waits ? await client.get(task.id) : task;
    const lastAttempt = needsLastAttempt(latest) ? await readLastAttempt(client, latest.id) : undefined;
    return lastAttempt === undefined ? { task: latest } : { task: latest, lastAttempt };
  } catch (error) {
    if (error instanceof DispatchrError && error.status === 404) return { task };
    throw error;
  }
}

/** The sentence of a task, ready to be shown. */
export function sentenceOf({ task, lastAttempt }: Standing, nowMs: number): string {
  return escapeControls(whereItStands(task, lastAttempt, nowMs));
}

function needsLastAttempt({ state, attempt }: TaskSummary): boolean {
  return attempt > 0 && attempt <= MOST_ATTEMPTS && ['pending', 'failed', 'cancelled'].includes(state);
}

async function readLastAttempt(client: DispatchrClient, id: string): Promise<Attempt | undefined> {
  let last: Attempt | undefined;
  for await (const attempt of client.attempts(id, { limit: MOST_ATTEMPTS })) last = attempt;
  return last;
}
