import type { Attempt, Task, TaskSummary } from '@dispatchr/client';
import { attemptInWords } from './attempt-in-words.ts';
import { clockTime, durationInWords, relativeInWords } from './durations.ts';
import { waitingInWords } from './waiting-in-words.ts';

/** A task as any answer of the API shows it; `waiting` is there only with what reads one task. */
export type ShownTask = TaskSummary & Pick<Task, 'waiting'>;

/**
 * One sentence for a person on where a task stands at `nowMs` (ms since 1970), with the last of its attempts that has ended as
 * far as that is known: "attempt 2 of 100 got 503 after 12 ms; next try in 3.1 s".
 * It may hold control characters of the task's own: escape it before it is shown.
 */
export function whereItStands(task: ShownTask, lastAttempt: Attempt | undefined, nowMs: number): string {
  switch (task.state) {
    case 'pending':
      return pending(task, lastAttempt, nowMs);
    case 'running':
      return running(task, nowMs);
    case 'completed':
      return completed(task, lastAttempt);
    case 'failed':
      return failed(task, lastAttempt, nowMs);
    case 'cancelled':
      return cancelled(task, lastAttempt);
    default:
      // The enumeration is open: a later recorder may know of more.
      return task.state;
  }
}

function pending(task: ShownTask, last: Attempt | undefined, nowMs: number): string {
  const clause = waitingInWords(task, last, nowMs);
  if (task.attempt === 0) return clause;
  const ended = last === undefined ? 'is over' : attemptInWords(last);
  return `${counted(task, last?.attempt ?? task.attempt, task.attemptsUsed)} ${ended}; ${clause}`;
}

function running(task: ShownTask, nowMs: number): string {
  const since = task.startedAt === undefined ? undefined : nowMs - Date.parse(task.startedAt);
  const duration = since === undefined ? '' : ` for ${durationInWords(Math.max(0, since))}`;
  const cancel = task.cancelRequestedAt === undefined ? '' : '; cancelled unless it completes';
  return `${counted(task, task.attempt, task.attemptsUsed + 1)} has been running${duration}${cancel}`;
}

function completed(task: ShownTask, last: Attempt | undefined): string {
  const { startedAt, finishedAt } = task;
  let durationMs = last?.outcome === 'completed' ? last.durationMs : undefined;
  if (durationMs === undefined && startedAt !== undefined && finishedAt !== undefined) {
    durationMs = Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt));
  }
  const after = durationMs === undefined ? '' : ` after ${durationInWords(durationMs)}`;
  return `completed on attempt ${task.attempt}${after}`;
}

function failed(task: ShownTask, last: Attempt | undefined, nowMs: number): string {
  switch (task.reason) {
    case 'rejected':
      return `failed: the target said not to retry${last?.status === undefined ? '' : ` (${last.status})`}`;
    case 'exhausted':
      return `failed: ${usedUp(task)}${lastOne(last)}`;
    case 'expired':
      return `failed: ${expired(task, nowMs)}${lastOne(last)}`;
    case 'target-blocked':
      return `failed: the target policy forbids the address of ${task.target}`;
    default:
      return `failed${task.reason === undefined ? '' : `: ${task.reason}`}${lastOne(last)}`;
  }
}

/** Either budget may be the one that is used up: that of attempts, or that of time. */
function usedUp({ attemptsUsed, retry }: ShownTask): string {
  const attempts = attemptsUsed === 1 ? '1 attempt' : `${attemptsUsed} attempts`;
  if (attemptsUsed >= retry.maxAttempts || retry.maxDurationMs === undefined) {
    return attemptsUsed === 1 ? 'its only attempt is used up' : `all ${attempts} are used up`;
  }
  return `its time for retries (${durationInWords(retry.maxDurationMs)}) is over after ${attempts}`;
}

function expired({ expiresAt, attempt }: ShownTask, nowMs: number): string {
  if (expiresAt === undefined) return 'it expired';
  const atMs = Date.parse(expiresAt);
  const when = `${clockTime(atMs, nowMs)} (${relativeInWords(atMs, nowMs)})`;
  if (atMs > nowMs) return `it expires at ${when}, before the next try`;
  return attempt === 0 ? `it expired at ${when} before its first attempt` : `it expired at ${when}`;
}

function cancelled(task: ShownTask, last: Attempt | undefined): string {
  if (task.attempt === 0) return 'cancelled before its first attempt';
  const which = last === undefined ? '' : `, which ${attemptInWords(last)}`;
  return `cancelled after attempt ${last?.attempt ?? task.attempt}${which}`;
}

function lastOne(last: Attempt | undefined): string {
  return last === undefined ? '' : `; attempt ${last.attempt} ${attemptInWords(last)}`;
}

/** "attempt 2 of 100", where the numbers agree; they differ after a release and after an operator's retry. */
function counted({ retry }: ShownTask, attempt: number, count: number): string {
  if (attempt === count) return `attempt ${attempt} of ${retry.maxAttempts}`;
  return `attempt ${attempt} (${count} of ${retry.maxAttempts} count)`;
}
