import type { ErrorCode, RetryPolicy } from '@dispatchr/contract';
import { retryAfterMs } from './retry-after.ts';
import { listedVerdict } from './retry-policy.ts';

/** What came back from the target: a status line with the headers that matter here, or none at all. */
export type Answer =
  | { kind: 'response'; status: number; dispatchrRetry?: string; retryAfter?: string; date?: string }
  | { kind: 'error'; code: ErrorCode };

/** What an attempt amounts to; `notBeforeMs` (0 … 3,600,000) is the target's own wish for the next try. */
export type Outcome =
  | { kind: 'completed' }
  | { kind: 'rejected' }
  | { kind: 'target-blocked' }
  | { kind: 'retryable'; notBeforeMs?: number }
  | { kind: 'lease-lost' }
  | { kind: 'released' };

/** Statuses that say the same request can never succeed; `retryOn` overrules them. Spec: ANS-007. */
export const REJECTED_STATUSES: ReadonlySet<number> = new Set([400, 405, 410, 413, 414, 415, 422]);

type StatusLists = Pick<RetryPolicy, 'retryOn' | 'failOn'>;
type ResponseAnswer = Extract<Answer, { kind: 'response' }>;

/**
 * The outcome of one attempt; `nowEpochMs` serves only a `Retry-After` date in an answer without a `Date`.
 * Spec: ANS-001 to ANS-010, RTY-020, RTY-027.
 */
export function outcomeOf(answer: Answer, retry: StatusLists, nowEpochMs: number): Outcome {
  if (answer.kind === 'error') return outcomeOfError(answer.code);
  if (answer.status >= 200 && answer.status <= 299) return { kind: 'completed' };
  if (isRejected(answer, retry)) return { kind: 'rejected' };
  const notBeforeMs = retryAfterMs(answer, nowEpochMs);
  return notBeforeMs === undefined ? { kind: 'retryable' } : { kind: 'retryable', notBeforeMs };
}

function outcomeOfError(code: ErrorCode): Outcome {
  switch (code) {
    case 'target-blocked':
    case 'lease-lost':
    case 'released':
      return { kind: code };
    default:
      // Only an answer can say "do not retry"; whatever kept one from coming may pass.
      return { kind: 'retryable' };
  }
}

function isRejected(answer: ResponseAnswer, retry: StatusLists): boolean {
  if (answer.dispatchrRetry?.trim().toLowerCase() === 'no') return true;
  const verdict = listedVerdict(answer.status, retry);
  return verdict === undefined ? REJECTED_STATUSES.has(answer.status) : verdict === 'fail';
}
