import type { Limits, ProblemError, QueueUpdate } from '@dispatchr/contract';
import { checkRetry, checkTimeout } from './check-submission.ts';

/** What is wrong with a put of a queue that its schema cannot say; it counts for tasks, and so is held to their rules. */
export function checkQueueUpdate(
  update: object,
  schemaErrors: readonly ProblemError[],
  limits: Limits,
): ProblemError[] {
  const wrong = new Set(schemaErrors.map(({ pointer }) => pointer?.split('/')[1]));
  const { retry, timeoutMs } = update as QueueUpdate;
  return [
    ...(wrong.has('retry') ? [] : checkRetry(retry ?? {}, limits)),
    ...(wrong.has('timeoutMs') ? [] : checkTimeout(timeoutMs ?? undefined, limits)),
  ];
}
