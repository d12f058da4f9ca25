import type { Clock } from './clock.ts';

/** Counts what happens and says how often it happened lately. */
export interface RecentRate {
  count(): void;
  /** How many were counted in the last second or so. */
  perSecond(): number;
}

const BUCKET_MS = 100;
const BUCKETS = 10;

/** A rate over the last second, in steps of 100 ms. */
export function createRecentRate(clock: Clock): RecentRate {
  let total = 0;
  const counts = Array.from({ length: BUCKETS }, () => 0);
  let last = Math.floor(clock.monotonicMs() / BUCKET_MS);

  const advance = (): void => {
    const current = Math.floor(clock.monotonicMs() / BUCKET_MS);
    for (let bucket = Math.max(last, current - BUCKETS) + 1; bucket <= current; bucket += 1) {
      total -= counts[bucket % BUCKETS] ?? 0;
      counts[bucket % BUCKETS] = 0;
    }
    last = current;
  };
  return {
    count() {
      advance();
      counts[last % BUCKETS] = (counts[last % BUCKETS] ?? 0) + 1;
      total += 1;
    },
    perSecond() {
      advance();
      return total * (1000 / (BUCKET_MS * BUCKETS));
    },
  };
}
