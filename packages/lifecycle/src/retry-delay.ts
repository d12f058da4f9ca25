import type { RetryPolicy } from '@dispatchr/contract';

type Backoff = Pick<RetryPolicy, 'minBackoffMs' | 'maxBackoffMs' | 'multiplier' | 'jitter'>;

/**
 * Whole milliseconds from the end of the `usedAttempts`-th used attempt (1, 2, …) to the next try: at least
 * the backoff and at least `notBeforeMs` (the target's `Retry-After`), times 1 … 1 + jitter, never less.
 * `random` answers 0 … 1. Spec: RTY-002, RTY-003, RTY-004.
 */
export function retryDelayMs(
  retry: Backoff,
  usedAttempts: number,
  random: () => number,
  notBeforeMs = 0,
): number {
  const bareMs = Math.max(backoffMs(retry, usedAttempts), notBeforeMs);
  // Rounded up: rounding to the nearest could start a try before the bare figure.
  return Math.ceil(bareMs * (1 + retry.jitter * random()));
}

function backoffMs(retry: Backoff, usedAttempts: number): number {
  // The power overflows to Infinity after some hundred attempts, which the cap below turns into maxBackoffMs.
  const factor = retry.multiplier ** Math.max(0, usedAttempts - 1);
  return Math.min(retry.maxBackoffMs, retry.minBackoffMs * factor);
}
