import { DEFAULTS } from '@dispatchr/contract';
import type { RetryPolicy } from '@dispatchr/contract';

/**
 * The policy that stands once every member the producer left out has that of the queue, and what the queue leaves out
 * its default. Spec: RTY-001, QUE-015.
 */
export function resolveRetryPolicy(
  asked: Partial<RetryPolicy> = {},
  ofQueue: Partial<RetryPolicy> = {},
): RetryPolicy {
  return {
    ...DEFAULTS.retry,
    retryOn: [...DEFAULTS.retry.retryOn],
    failOn: [...DEFAULTS.retry.failOn],
    ...ofQueue,
    ...asked,
  };
}

/** Tries that remain after the one in hand: 0 on the last, as in the header `Dispatchr-Attempts-Left`. */
export function attemptsLeft(retry: Pick<RetryPolicy, 'maxAttempts'>, attemptsUsed: number): number {
  return Math.max(0, retry.maxAttempts - attemptsUsed - 1);
}

/**
 * What the producer's lists say about a status: `fail`, `retry`, or undefined when neither names it.
 * A code (`"404"`) beats a class (`"4xx"`); within one precision `failOn` beats `retryOn`.
 * Spec: ANS-003 to ANS-006.
 */
export function listedVerdict(
  status: number,
  retry: Pick<RetryPolicy, 'retryOn' | 'failOn'>,
): 'fail' | 'retry' | undefined {
  for (const pattern of [String(status), `${Math.floor(status / 100)}xx`]) {
    if (retry.failOn.includes(pattern)) return 'fail';
    if (retry.retryOn.includes(pattern)) return 'retry';
  }
  return undefined;
}
