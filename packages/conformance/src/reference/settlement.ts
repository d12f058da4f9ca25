import { compact } from './compact.ts';
import type { MutantId } from '../selftest/mutants/index.ts';
import { pauseMs } from './retry.ts';
import type { Attempt, AttemptOutcome, Submission, Task, TaskState } from './task.ts';

/** What came of an attempt, as the delivery reports it. */
export interface AttemptEnd {
  readonly outcome: AttemptOutcome;
  readonly durationMs?: number;
  readonly status?: number;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly responseBody?: string | undefined;
  /** What `Retry-After` asked for, capped. */
  readonly retryAfterMs?: number;
  /** Whether it asked in seconds, not for a date. */
  readonly retryAfterInSeconds?: boolean;
}

/** What an attempt that ended makes of its task. */
export interface Settlement {
  readonly state: TaskState;
  readonly reason?: string;
  readonly dueAtMs: number;
  readonly attemptsUsed: number;
}

/** The state table for a running task whose attempt ends at `nowMs`. Spec: STA-004 to STA-010, CAN-004. */
export function settlementOf(
  task: Task,
  { outcome, retryAfterMs = 0 }: AttemptEnd,
  nowMs: number,
  mutants: ReadonlySet<MutantId>,
): Settlement {
  const isLost = outcome === 'lease-lost';
  const counts = outcome === 'retryable' || (isLost && !mutants.has('lost-attempt-is-free'));
  const unfair =
    (outcome === 'released' && mutants.has('released-costs-attempt')) ||
    (outcome === 'completed' && mutants.has('completion-counts')) ||
    (outcome === 'rejected' && mutants.has('rejection-counts'));
  const attemptsUsed = task.attemptsUsed + (counts || unfair ? 1 : 0);
  const kept = { dueAtMs: task.dueAtMs, attemptsUsed };
  const isCancelled = task.cancelRequestedAtMs !== undefined;
  if (outcome === 'completed' && isCancelled && mutants.has('cancel-beats-2xx'))
    return { state: 'cancelled', ...kept };
  if (outcome === 'completed' && nowMs >= (task.expiresAtMs ?? Infinity) && mutants.has('expiry-beats-2xx'))
    return { state: 'failed', reason: 'expired', ...kept };
  if (outcome === 'completed') return { state: 'completed', ...completed(task, kept, nowMs, mutants) };
  if (isCancelled && !(outcome === 'rejected' && mutants.has('rejection-beats-cancel')))
    return { state: 'cancelled', ...kept };
  const isMisnamed = outcome === 'target-blocked' && mutants.has('blocked-called-rejected');
  if (outcome === 'rejected' || outcome === 'target-blocked')
    return { state: 'failed', reason: isMisnamed ? 'rejected' : outcome, ...kept };
  const waits = outcome === 'retryable' || (isLost && lostBefore(task, mutants));
  const used = mutants.has('backoff-by-attempt-number') ? task.attempt : attemptsUsed;
  const endedMs = mutants.has('pause-counted-from-claim') ? (task.startedAtMs ?? nowMs) : nowMs;
  const nextMs = endedMs + (waits ? pauseMs(task.retry, used, retryAfterMs, mutants) : 0);
  const isExpired = isExpiredAt(task, nextMs, mutants);
  const expired: Settlement = { state: 'failed', reason: 'expired', ...kept };
  if (isExpired && mutants.has('expired-before-exhausted')) return expired;
  if ((counts || mutants.has('released-can-exhaust')) && isExhausted(task, attemptsUsed, nextMs, mutants))
    return {
      state: 'failed',
      reason: mutants.has('exhausted-called-rejected') ? 'rejected' : 'exhausted',
      ...kept,
    };
  if (isExpired) return expired;
  const isStuck = isLost && !waits && mutants.has('lost-lease-keeps-due-at');
  const moves = (counts && !isStuck) || mutants.has('released-moves-due-at');
  const laterMs = outcome === 'released' && mutants.has('released-waits') ? 5000 : 0;
  return { state: 'pending', dueAtMs: laterMs + (moves ? nextMs : task.dueAtMs), attemptsUsed };
}

/** Whether the next try would come too late. Spec: STA-009. */
function isExpiredAt({ expiresAtMs }: Task, nextMs: number, mutants: ReadonlySet<MutantId>): boolean {
  if (mutants.has('expiry-ignored') || mutants.has('expiry-awaited-in-pending')) return false;
  if (mutants.has('expiry-forbids-retries')) return expiresAtMs !== undefined;
  return nextMs >= (expiresAtMs ?? Infinity);
}

/** What a task keeps that completes: everything, but for mutants. */
function completed(
  task: Task,
  kept: { readonly dueAtMs: number; readonly attemptsUsed: number },
  nowMs: number,
  mutants: ReadonlySet<MutantId>,
): Omit<Settlement, 'state'> {
  return {
    dueAtMs: mutants.has('due-at-of-the-end') ? nowMs : kept.dueAtMs,
    attemptsUsed: mutants.has('completion-clears-attempts-used') ? 0 : kept.attemptsUsed,
    ...(task.attemptsUsed > 0 && mutants.has('completed-with-a-reason') ? { reason: 'exhausted' } : {}),
  };
}

/** When a task that is recorded at `nowMs` is due. Spec: TIM-002, TIM-003, TIM-012. */
export function firstDueAtMs(
  { dueAtMs, delayMs }: Pick<Submission, 'dueAtMs'> & { readonly delayMs: number },
  nowMs: number,
  mutants: ReadonlySet<MutantId>,
): number {
  if (dueAtMs !== undefined)
    return mutants.has('past-due-at-moved-to-now') ? Math.max(nowMs, dueAtMs) : dueAtMs;
  if (delayMs === 0 && mutants.has('due-a-moment-later')) return nowMs + 100;
  return nowMs + (mutants.has('delay-in-whole-seconds') ? Math.floor(delayMs / 1000) * 1000 : delayMs);
}

/** Whether the attempt before this one was lost too: the first loss in a row costs no pause. Spec: LEA-009, LEA-010. */
function lostBefore(task: Task, mutants: ReadonlySet<MutantId>): boolean {
  if (mutants.has('first-loss-waits')) return true;
  if (mutants.has('loss-never-waits')) return false;
  if (mutants.has('operators-retry-forgets-loss') && task.attemptsUsed === 0) return false;
  return task.attempts.at(-1)?.outcome === 'lease-lost';
}

/** Spec: RTY-006, RTY-007. */
function isExhausted(task: Task, used: number, nextMs: number, mutants: ReadonlySet<MutantId>): boolean {
  const { maxAttempts, maxDurationMs = Infinity } = task.retry;
  const budget =
    maxAttempts +
    (mutants.has('one-attempt-too-many') ? 1 : 0) -
    (mutants.has('one-attempt-too-few') ? 1 : 0);
  const overtime =
    nextMs - (countedFromMs(task, mutants) ?? nextMs) >= maxDurationMs &&
    !mutants.has('max-duration-ignored');
  return used >= budget || overtime;
}

function countedFromMs(task: Task, mutants: ReadonlySet<MutantId>): number | undefined {
  if (mutants.has('max-duration-from-submit')) return task.createdAtMs;
  return mutants.has('max-duration-from-latest-claim') ? task.startedAtMs : task.firstClaimAtMs;
}

/** The record of an attempt that ended at `nowMs`. Spec: STA-024. */
export function attemptOf(
  task: Task,
  end: AttemptEnd,
  nowMs: number,
  mutants: ReadonlySet<MutantId> = new Set(),
): Attempt {
  const startedAtMs = task.startedAtMs ?? nowMs;
  return compact<Attempt>({
    attempt: task.attempt,
    scheduler: task.scheduler ?? '',
    startedAtMs,
    endedAtMs: nowMs,
    durationMs: Math.round(end.durationMs ?? nowMs - startedAtMs),
    outcome: end.outcome,
    status: end.status,
    errorCode: end.errorCode,
    errorMessage: end.errorMessage,
    responseBody:
      end.responseBody === '' && !mutants.has('empty-response-body-shown') ? undefined : end.responseBody,
  });
}
