import type { LostAttempt } from '@dispatchr/store';

/** An attempt that was taken over under this lease, its second that is used up. */
export function lostAttempt(lease: number, members: Partial<LostAttempt> = {}): LostAttempt {
  return {
    seq: lease,
    lease,
    id: `lost-${lease}`,
    attempt: 4,
    attemptsUsed: 1,
    sinceFirstClaimMs: 90_000,
    sinceClaimMs: 31_000.4,
    previousLeaseLost: false,
    ...members,
  };
}
