import { setTimeout as sleep } from 'node:timers/promises';
import { attemptInWords } from '@dispatchr/cli';
import { type Attempt, type DispatchrClient, type Task, isTerminal } from '@dispatchr/client';
import { endInWords, nextTryInWords, waitingInWords } from './words.ts';

/** A task at its end, or when the time was over. */
export interface FollowedTask {
  task: Task;
  attempts: readonly Attempt[];
}

const LOOK_EVERY_MS = 100;

/** Tells each thing that happens to a task, in a phrase, until it is finished or `signal` is aborted. */
export async function followTask(
  client: DispatchrClient,
  id: string,
  tell: (phrase: string) => void,
  signal: AbortSignal,
): Promise<FollowedTask> {
  let told = 0;
  let toldWaiting: string | undefined;
  for (;;) {
    const { task, attempts } = await readTask(client, id);
    for (const attempt of attempts.slice(told)) tell(phraseOf(attempt, attempts.at(-1), task));
    told = attempts.length;
    if (isTerminal(task)) tell(`ends as ${endInWords(task)}`);
    if (isTerminal(task) || signal.aborted) return { task, attempts };

    const waiting = attempts.length === 0 ? waitingInWords(task) : undefined;
    if (waiting !== undefined && waiting !== toldWaiting) tell(waiting);
    toldWaiting = waiting ?? toldWaiting;
    await sleep(LOOK_EVERY_MS);
  }
}

/** A task, and those of its attempts that had ended when it was read. */
async function readTask(client: DispatchrClient, id: string): Promise<FollowedTask> {
  const task = await client.get(id);
  const lastEnded = task.state === 'running' ? task.attempt - 1 : task.attempt;
  const attempts: Attempt[] = [];
  // Another may end between the two reads: the task would not yet say when it is tried again.
  for await (const attempt of client.attempts(id)) if (attempt.attempt <= lastEnded) attempts.push(attempt);
  return { task, attempts };
}

function phraseOf(attempt: Attempt, last: Attempt | undefined, task: Task): string {
  const cameOfIt = `attempt ${attempt.attempt} ${attemptInWords(attempt)}`;
  const isTriedAgain = task.state === 'pending' && attempt === last;
  return isTriedAgain ? `${cameOfIt}; ${nextTryInWords(task, attempt)}` : cameOfIt;
}
