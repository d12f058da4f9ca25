import { resolveRetryPolicy, settlementOf } from '@dispatchr/lifecycle';
import type { LostAttempt, SettledAttempt } from '@dispatchr/store';

/** The settlement of an attempt that was taken over: counted as `lease-lost`, or `released` at no cost. */
export function settledLostAttempt(
  lost: LostAttempt,
  outcome: 'lease-lost' | 'released',
  random: () => number,
): SettledAttempt {
  const settlement = settlementOf(
    { kind: outcome },
    {
      attemptsUsed: lost.attemptsUsed,
      retry: resolveRetryPolicy(lost.retry),
      sinceFirstClaimMs: lost.sinceFirstClaimMs,
      ...(lost.expiresInMs === undefined ? {} : { expiresInMs: lost.expiresInMs }),
      previousLeaseLost: lost.previousLeaseLost,
    },
    random,
  );
  return {
    seq: lost.seq,
    lease: lost.lease,
    settlement,
    attempt: { outcome, errorCode: outcome, durationMs: Math.round(lost.sinceClaimMs) },
  };
}
