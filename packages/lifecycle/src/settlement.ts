import type { RetryPolicy, TaskReason } from '@dispatchr/contract';
import type { Outcome } from './outcome.ts';
import { retryDelayMs } from './retry-delay.ts';

/** What is known of a task when one of its attempts ends; all figures are of the database. */
export interface AttemptContext {
  /** Attempts that were used before this one. */
  attemptsUsed: number;
  retry: RetryPolicy;
  /** Milliseconds from the task's first claim (since the last operator's retry) to the end of this attempt. */
  sinceFirstClaimMs: number;
  /** Milliseconds from the end of this attempt to `expiresAt`, 0 or less when that has come. */
  expiresInMs?: number;
  /** Whether the attempt just before this one ended `lease-lost`. */
  previousLeaseLost: boolean;
}

/** The state that a task takes when an attempt ends; `delayMs` is counted on the database's clock. */
export type Settlement =
  | { state: 'completed'; attemptsUsed: number }
  | { state: 'failed'; reason: TaskReason; attemptsUsed: number }
  | { state: 'pending'; delayMs: number; attemptsUsed: number };

/**
 * What becomes of a task after an attempt with this outcome. Only `retryable` and `lease-lost` use up an
 * attempt, and only these can exhaust a task; `random` answers 0 … 1 and spreads the retries.
 * A requested cancel is not seen here: the write that settles turns what is not completed into cancelled.
 * Spec: STA-004 to STA-010, RTY-006 to RTY-009, LEA-009 to LEA-011, LEA-023.
 */
export function settlementOf(outcome: Outcome, context: AttemptContext, random: () => number): Settlement {
  const { attemptsUsed } = context;
  switch (outcome.kind) {
    case 'completed':
      return { state: 'completed', attemptsUsed };
    case 'rejected':
    case 'target-blocked':
      return { state: 'failed', reason: outcome.kind, attemptsUsed };
    case 'released':
      return pendingUnlessExpired(0, attemptsUsed, context);
    case 'retryable':
    case 'lease-lost':
      return settleUsedAttempt(outcome, context, random);
  }
}

function settleUsedAttempt(
  outcome: Extract<Outcome, { kind: 'retryable' | 'lease-lost' }>,
  context: AttemptContext,
  random: () => number,
): Settlement {
  const { retry, sinceFirstClaimMs } = context;
  const attemptsUsed = context.attemptsUsed + 1;
  const notBeforeMs = outcome.kind === 'retryable' ? outcome.notBeforeMs : undefined;
  // A lost lease says nothing about the target, so the next try is at once; two in a row are held back,
  // because the task itself may be what kills its schedulers.
  const atOnce = outcome.kind === 'lease-lost' && !context.previousLeaseLost;
  const delayMs = atOnce ? 0 : retryDelayMs(retry, attemptsUsed, random, notBeforeMs);
  const tooLate = sinceFirstClaimMs + delayMs >= (retry.maxDurationMs ?? Infinity);
  if (attemptsUsed >= retry.maxAttempts || tooLate)
    return { state: 'failed', reason: 'exhausted', attemptsUsed };
  return pendingUnlessExpired(delayMs, attemptsUsed, context);
}

function pendingUnlessExpired(delayMs: number, attemptsUsed: number, context: AttemptContext): Settlement {
  // A task is expired at `expiresAt` itself: no claim would take it then.
  const expired = delayMs >= (context.expiresInMs ?? Infinity);
  return expired
    ? { state: 'failed', reason: 'expired', attemptsUsed }
    : { state: 'pending', delayMs, attemptsUsed };
}
