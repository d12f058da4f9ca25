import type { RetryPolicy } from '@dispatchr/contract';
import type { Limits } from '@dispatchr/lifecycle';

/** How many tasks wait and run, at one instant. */
export interface LiveCounts {
  readonly pending: number;
  /** Those of them that are due. */
  readonly due: number;
  readonly running: number;
  /** The earliest `dueAt` of those that are due. */
  readonly oldestDueAt?: Date;
}

/** What a queue gives its tasks where their submissions left the member out. Spec: QUE-015. */
export interface QueueDefaults {
  readonly retry?: Partial<RetryPolicy>;
  readonly timeoutMs?: number;
}

/** Settings of a queue; what is absent has its default. */
export interface QueueSettings extends Limits, QueueDefaults {
  readonly weight?: number;
  readonly paused: boolean;
  /** What each flow key may have that has no limits of its own. */
  readonly flowLimits?: Limits;
}

/** A queue: its settings, and what is in it. */
export interface QueueRecord extends QueueSettings, LiveCounts {
  readonly name: string;
}

/** A change of settings: what is absent stays, null brings the default back. */
export type ChangeOf<T> = { readonly [K in keyof T]?: T[K] | null };

/** A flow key of a queue: the limits that hold for it, and what is there of it. */
export interface FlowKeyRecord extends Limits, LiveCounts {
  readonly flowKey: string;
}

/** A page of a list that is ordered by name; `next` is the `after` of the page that follows, absent on the last. */
export interface NamedPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** Where a page of names begins. */
export interface NamedPageRequest {
  readonly limit: number;
  readonly after?: string;
}

/** How schedulers treat what they cannot deliver to. */
export type HeldState = 'held-back' | 'circuit-open' | 'returning';

/** An origin, or a single URL, that is not delivered to as usual. */
export interface HeldTarget {
  /** The origin, or the URL. */
  readonly key: string;
  readonly origin: string;
  readonly state: HeldState;
  readonly since: Date;
  /** The end of a hold-back, or when the next probe may be sent. */
  readonly until: Date;
  readonly failures: number;
  readonly probes: number;
  readonly lastError?: string;
  /** Milliseconds that it has been in this state, by the database's clock. */
  readonly sinceMs: number;
  /** Milliseconds until `until`, by the database's clock; may be negative. */
  readonly untilInMs: number;
}
