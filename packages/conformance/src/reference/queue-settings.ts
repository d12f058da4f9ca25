import type { RetryPolicy } from './task.ts';

/** At most `burst` + `perSecond` × t starts in any t seconds. */
export interface RateLimit {
  readonly perSecond: number;
  readonly burst?: number;
}

/** What one flow key, or a whole queue, may have. */
export interface FlowLimits {
  readonly maxConcurrency?: number;
  readonly rateLimit?: RateLimit;
}

/** Settings of a queue that were put; what is absent has its default. */
export interface QueueSettings extends FlowLimits {
  readonly weight?: number;
  readonly flowLimits?: FlowLimits;
  readonly retry?: Partial<RetryPolicy>;
  readonly timeoutMs?: number;
  readonly paused?: boolean;
}
