/** How often deliveries may start: in any stretch of t seconds at most `burst` + `perSecond` × t. */
export interface RateLimit {
  /** 0.001 … 100,000. */
  readonly perSecond: number;
  /** 1 … 100,000; `perSecond` rounded up when absent. */
  readonly burst?: number;
}

/** What a queue, or a flow key, may have at most, over all schedulers. What is absent is not limited. */
export interface Limits {
  readonly maxConcurrency?: number;
  readonly rateLimit?: RateLimit;
}

/** What a gate has counted. */
export interface GateCount {
  readonly inFlight: number;
  /** Milliseconds from now to the theoretical arrival time; below 0 once it is past. */
  readonly tatInMs: number;
}

/** What a gate lets through now. */
export interface Room {
  /** How many more; Infinity where nothing is limited. */
  readonly room: number;
  /** Which limit leaves none. */
  readonly full?: 'concurrency' | 'rate';
  /** Milliseconds until a full rate is worth another look. */
  readonly moreInMs?: number;
  /** Milliseconds until a full rate lets one more through. */
  readonly nextInMs?: number;
}

/** A rate limit as the generic cell rate algorithm counts it. */
export interface Rate {
  /** Milliseconds a start costs. */
  readonly intervalMs: number;
  /** Starts at once after a pause. */
  readonly capacity: number;
  /** Milliseconds from its claim by which a delivery must have started; after them its start no longer counts as paid. */
  readonly sendWithinMs: number;
}

/** Of a claim's delay at the least, in milliseconds: with less, a busy machine would send nothing in time. */
const LEAST_DELAY_MS = 50;
/** Of a claim's delay at most, in milliseconds: no claimed task waits longer for its slot. */
const MOST_DELAY_MS = 1000;
/** Part of the delay that is left for the way to the target. */
const ON_THE_WAY = 0.2;

/**
 * Starts are paid at the claim and seen at the target some time later, and that delay varies: what was paid early and
 * what was paid just now may arrive together. So a part of the burst pays for the delay, at most half of it, and a delivery
 * that is delayed longer does not start. Spec: QUE-060.
 */
export function rateOf({ perSecond, burst = Math.max(1, Math.ceil(perSecond)) }: RateLimit): Rate {
  const intervalMs = 1000 / perSecond;
  const delayMs = Math.min(MOST_DELAY_MS, Math.max(LEAST_DELAY_MS, ((burst - 1) * intervalMs) / 2));
  return {
    intervalMs,
    capacity: Math.max(1, Math.floor(burst - delayMs / intervalMs)),
    sendWithinMs: delayMs * (1 - ON_THE_WAY),
  };
}

/** What limits let through now, given what their gate has counted. Spec: QUE-060, QUE-061, FLO-021. */
export function roomOf({ maxConcurrency = Infinity, rateLimit }: Limits, count: GateCount): Room {
  const slots = Math.max(0, maxConcurrency - count.inFlight);
  if (slots === 0) return { room: 0, full: 'concurrency' };
  if (rateLimit === undefined) return { room: slots };
  const { intervalMs, capacity } = rateOf(rateLimit);
  const spent = Math.max(0, count.tatInMs) / intervalMs;
  // A hair more than whole numbers: what is due this very moment is not to be missed by a rounding.
  const starts = Math.max(0, Math.floor(capacity - spent + 1e-6));
  if (starts > 0) return { room: Math.min(slots, starts) };
  const untilMs = (left: number): number => (spent - capacity + left) * intervalMs;
  return {
    room: 0,
    full: 'rate',
    nextInMs: untilMs(1),
    moreInMs: untilMs(Math.max(1, Math.floor(capacity / 2))),
  };
}

/** The limits of a flow key: its own, and where it has none the queue's for each of its flow keys. Spec: FLO-011. */
export function flowLimitsOf(own: Limits, ofQueue: Limits): Limits {
  return { ...ofQueue, ...own };
}

/** Whether anything is limited. */
export function isLimited({ maxConcurrency, rateLimit }: Limits): boolean {
  return maxConcurrency !== undefined || rateLimit !== undefined;
}

/** The weight of a queue that has none of its own. Spec: QUE-011. */
export function defaultWeight(queue: string): number {
  return DEFAULT_WEIGHTS.get(queue) ?? 3;
}

/** Queues that exist without having been used, with their weights. */
export const DEFAULT_WEIGHTS: ReadonlyMap<string, number> = new Map([
  ['critical', 6],
  ['default', 3],
  ['low', 1],
]);
