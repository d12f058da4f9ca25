import type { AttemptOutcome, ErrorCode, RetryPolicy, TaskReason, TaskState } from '@dispatchr/contract';
import type { Settlement } from '@dispatchr/lifecycle';

/** An HTTP request that is delivered verbatim instead of a name with arguments. */
export interface RequestTemplate {
  readonly method: string;
  readonly body?: string;
  readonly bodyEncoding?: 'utf8' | 'base64';
}

/** What a producer gave beside the members that every answer repeats; a task's own answer carries it too. */
export interface TaskContent {
  /** The slice of JSON text that the producer sent. */
  readonly taskArgs?: string;
  readonly request?: RequestTemplate;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotencyKey?: string;
  readonly traceparent?: string;
  readonly tracestate?: string;
}

/** A task to record. What is left out is stored as absent and resolved when it is needed. */
export interface NewTask extends TaskContent {
  readonly id: string;
  /** Digest of the content as sent, of tasks whose producer chose an id or an idempotency key. */
  readonly fingerprint?: string;
  readonly target: string;
  /** Scheme, host and port of the target. */
  readonly origin: string;
  readonly taskName?: string;
  readonly queue: string;
  /** Whose work it is; the caller resolves an absent one to the target's origin. */
  readonly flowKey: string;
  readonly priority: number;
  /** RFC 3339; the database's now when absent. */
  readonly dueAt?: string;
  /** Milliseconds after the database's now. */
  readonly delayMs?: number;
  readonly expiresAt?: string;
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
}

/** A task as every answer shows it. */
export interface TaskRecord {
  /** The order of recording, which pages follow. */
  readonly seq: number;
  readonly id: string;
  readonly state: TaskState;
  readonly reason?: TaskReason;
  readonly target: string;
  readonly taskName?: string;
  readonly queue: string;
  readonly flowKey: string;
  readonly priority: number;
  readonly dueAt: Date;
  readonly expiresAt?: Date;
  readonly timeoutMs?: number;
  readonly retry?: Partial<RetryPolicy>;
  readonly createdAt: Date;
  /** Number of the last claim; 0 before the first. */
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly startedAt?: Date;
  readonly finishedAt?: Date;
  readonly cancelRequestedAt?: Date;
}

/** An attempt that ended. */
export interface AttemptRecord {
  readonly attempt: number;
  readonly scheduler: string;
  readonly startedAt: Date;
  readonly endedAt: Date;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly status?: number;
  readonly errorCode?: ErrorCode;
  readonly errorMessage?: string;
  readonly responseBody?: string;
}

/** Proof of who holds a running task: each claim gets a number that is never used again. */
export interface Lease {
  readonly seq: number;
  readonly lease: number;
}

/** What is left of a task's budget when it is claimed or taken over. */
export interface AttemptBudget {
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly retry?: Partial<RetryPolicy>;
  /** Milliseconds from the first claim to this one. */
  readonly sinceFirstClaimMs: number;
  /** Milliseconds until `expiresAt`, which may be negative. */
  readonly expiresInMs?: number;
}

/** A task that this scheduler holds and is to deliver. */
export interface ClaimedTask extends Lease, TaskContent, AttemptBudget {
  readonly id: string;
  readonly target: string;
  /** As `exceptOrigins` of a claim names it. */
  readonly origin: string;
  readonly taskName?: string;
  readonly queue: string;
  readonly flowKey: string;
  readonly priority: number;
  readonly dueAt: Date;
  readonly timeoutMs?: number;
  readonly claimedAt: Date;
}

/** A running task whose lease ran out; whoever took it over holds a new lease and settles it as `lease-lost`. */
export interface LostAttempt extends Lease, AttemptBudget {
  readonly id: string;
  /** Milliseconds from the claim to the take-over. */
  readonly sinceClaimMs: number;
  /** Whether the attempt before this one was lost too. */
  readonly previousLeaseLost: boolean;
}

/** How an attempt ended and what becomes of its task. */
export interface SettledAttempt extends Lease {
  readonly settlement: Settlement;
  readonly attempt: {
    readonly outcome: AttemptOutcome;
    readonly durationMs: number;
    readonly status?: number;
    readonly errorCode?: ErrorCode;
    readonly errorMessage?: string;
    readonly responseBody?: string;
  };
}

/** Which tasks to list; members that are given must all match. */
export interface TaskFilter {
  readonly state?: TaskState;
  readonly queue?: string;
  readonly flowKey?: string;
  readonly taskName?: string;
  readonly target?: string;
  /** RFC 3339, inclusive. */
  readonly createdAfter?: string;
  /** RFC 3339, exclusive. */
  readonly createdBefore?: string;
}

/** Tasks of one queue with one priority, which are claimed by `dueAt`. */
export interface Lane {
  readonly queue: string;
  readonly priority: number;
}

/** What a claim may take of one queue. */
export interface QueueShare {
  readonly queue: string;
  /** Most tasks to claim. */
  readonly quota: number;
  /** The lanes to claim in, in this order: a lane is looked at only when those before it did not fill the quota. */
  readonly priorities: readonly number[];
}

/** What to claim, and for whom. */
export interface DueTasksClaim {
  readonly queues: readonly QueueShare[];
  readonly scheduler: string;
  /** Tasks for targets of these origins are left out. */
  readonly exceptOrigins: readonly string[];
  /** Most tasks for targets of these origins; what is beyond stays due, though it counts for the quota. */
  readonly originLimits: readonly { readonly origin: string; readonly limit: number }[];
  /** Most tasks for targets of any other one origin. */
  readonly otherOriginLimit: number;
}
