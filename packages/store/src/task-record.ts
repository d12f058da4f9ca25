import type { AttemptOutcome, ErrorCode, RetryPolicy, TaskReason, TaskState } from '@dispatchr/contract';
import type { GateCount, Limits, Rate, Settlement, Waiting } from '@dispatchr/lifecycle';
import type { QueueDefaults, QueueSettings } from './queue-record.ts';

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
  /** What its queue gives it at the moment; absent where that is nothing. */
  readonly queueDefaults?: QueueDefaults;
}

/** Why a pending task is not running. */
export interface TaskWaiting extends Pick<Waiting, 'reason' | 'before'> {
  /** When that is over, by the database's clock; absent where nobody knows. */
  readonly until?: Date;
}

/** A task with everything that the producer gave. */
export interface FoundTask {
  readonly task: TaskRecord;
  readonly content: TaskContent;
  /** Of a pending task, and of no other. */
  readonly waiting?: TaskWaiting;
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
  /** Whether gates count it: its end makes room for another. */
  readonly isGated: boolean;
  /** Whether an operator asked to run it, past a pause, a rate or a hold-back. */
  readonly isRun: boolean;
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

/** A queue with due tasks, and what counts for it at the moment of the look. */
export interface DueQueue {
  readonly queue: string;
  /** Of its due tasks, from the highest down. Tasks of one queue and priority are a lane, claimed by `dueAt`. */
  readonly priorities: readonly number[];
  /** Of each of these lanes when the first task is due that may be claimed; absent where nobody looked. */
  readonly sinces?: readonly Date[];
  /** Of its settings: a claim under another version than the present one claims nothing of the queue. */
  readonly version: string;
  readonly settings: QueueSettings;
  /** What its gate has counted; absent where it has none. */
  readonly count: GateCount | undefined;
  /** Whether flow keys of it may have limits of their own. */
  readonly hasLimitedFlowKeys: boolean;
}

/** A flow key with due tasks, and what counts for it at the moment of the look. */
export interface DueFlowKey {
  readonly queue: string;
  readonly flowKey: string;
  /** Its own limits, without those that its queue has for each flow key. */
  readonly ownLimits: Limits;
  /** What its gate has counted; absent where it has none. */
  readonly count: GateCount | undefined;
}

/** The tasks of one queue with one priority, and where to begin to look for one that is due. */
export interface Lane {
  readonly queue: string;
  readonly priority: number;
  /** Nothing that was due before could be claimed. */
  readonly since: Date;
}

/** What a claim may take of one queue. */
export interface QueueShare {
  readonly queue: string;
  /** Most tasks to claim, 1 or more. */
  readonly quota: number;
  /** The lanes to claim in, in this order: a lane is looked at only when those before it did not fill the quota. */
  readonly priorities: readonly number[];
  /** Where to begin in each of these lanes; at their heads if left out. */
  readonly sinces?: readonly Date[];
  /** The settings that the quota was made for. */
  readonly version: string;
}

/** What a claim may take of one flow key. */
export interface FlowKeyShare extends QueueShare {
  readonly flowKey: string;
  /** What the claim may take of the whole queue, by which queues share an origin's limit. */
  readonly queueQuota: number;
}

/** The limits of a queue (flow key '') or of a flow key, which a claim enforces under the lock of their gate. */
export interface Gate {
  readonly queue: string;
  readonly flowKey: string;
  /** Most running at once; what is claimed is counted if it is given. */
  readonly maxConcurrency?: number;
  readonly rate?: Rate;
}

/** What every claim says beside its shares. */
export interface ClaimLimits {
  /** Tasks for targets of these origins are left out. */
  readonly exceptOrigins: readonly string[];
  /** Tasks for these URLs are left out. */
  readonly heldUrls?: readonly { readonly origin: string; readonly url: string }[];
  /** Origins that are not delivered to for now: left out like `exceptOrigins`. */
  readonly heldOrigins?: readonly string[];
  /** Most tasks for targets of these origins; what is beyond stays due, though it counts for the quota. */
  readonly originLimits: readonly { readonly origin: string; readonly limit: number }[];
  /** Most tasks for targets of any other one origin. */
  readonly otherOriginLimit: number;
}

/** What to claim by queues, and for whom. */
export interface DueTasksClaim extends ClaimLimits {
  readonly queues: readonly QueueShare[];
  readonly scheduler: string;
}

/** What to claim by flow keys, and for whom. */
export interface FlowKeysClaim extends ClaimLimits {
  readonly shares: readonly FlowKeyShare[];
  /** A share whose queue or flow key has a gate here gets nothing where that leaves no room, or has no row. */
  readonly gates: readonly Gate[];
  /** Only these tasks, which an operator asked to run, instead of what is next in the lanes. */
  readonly runs?: readonly number[];
  readonly scheduler: string;
}

/** A task that an operator asked to run. */
export interface RunRequest extends DueQueue {
  readonly seq: number;
  readonly flowKey: string;
  /** Of its flow key, without those that its queue has for each flow key. */
  readonly ownLimits: Limits;
  /** What its flow key's gate has counted; absent where it has none. */
  readonly flowCount: GateCount | undefined;
}
