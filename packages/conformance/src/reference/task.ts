/** The retry policy a task goes by, with every default filled in. */
export interface RetryPolicy {
  readonly maxAttempts: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly multiplier: number;
  readonly jitter: number;
  readonly maxDurationMs?: number;
  readonly retryOn: readonly string[];
  readonly failOn: readonly string[];
}

/** Method and body of the producer's own. */
export interface RequestTemplate {
  readonly method?: string;
  readonly body?: string;
  readonly bodyEncoding?: string;
}

/** What a producer submitted, read and with its defaults. */
export interface Submission {
  /** The JSON pointer of the task in the body: empty unless it came in a batch. */
  readonly pointer: string;
  readonly id?: string;
  readonly fingerprint: string;
  readonly idempotencyKey?: string;
  readonly target: string;
  readonly taskName?: string;
  /** JSON text, as it was submitted. */
  readonly taskArgs?: string;
  readonly request?: RequestTemplate;
  /** Pairs, because a name may be `__proto__`. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly queue: string;
  readonly flowKey: string;
  readonly priority: number;
  readonly dueAtMs?: number;
  readonly delayMs?: number;
  readonly expiresAtMs?: number;
  readonly timeoutMs: number;
  readonly retry: RetryPolicy;
  /** What counted without a queue's defaults, and the members that the submission gave itself. */
  readonly asSubmitted?: {
    readonly retry: RetryPolicy;
    readonly timeoutMs: number;
    readonly own: readonly string[];
  };
  readonly traceparent?: string;
  readonly tracestate?: string;
}

export type TaskState = 'pending' | 'running' | 'completed' | 'failed' | 'cancelled';

/** How an attempt ended. */
export type AttemptOutcome =
  'completed' | 'rejected' | 'retryable' | 'target-blocked' | 'lease-lost' | 'released';

/** One attempt that has ended. */
export interface Attempt {
  readonly attempt: number;
  readonly scheduler: string;
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly durationMs: number;
  readonly outcome: AttemptOutcome;
  readonly status?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
  readonly responseBody?: string | undefined;
}

/** A recorded task; a change makes a new one. Instants are milliseconds since 1970. */
export interface Task extends Submission {
  readonly seq: number;
  readonly id: string;
  /** Whether the recorder made the id. */
  readonly generatedId: boolean;
  readonly state: TaskState;
  readonly reason?: string | undefined;
  readonly dueAtMs: number;
  readonly expiresAtMs?: number;
  readonly createdAtMs: number;
  /** When an operator asked to run it; cleared by the claim. */
  readonly runAtMs?: number | undefined;
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly attempts: readonly Attempt[];
  /** The latest claim, and who made it. */
  readonly startedAtMs?: number | undefined;
  readonly scheduler?: string;
  readonly lease?: string | undefined;
  /** The first claim since the submit or the operator's latest retry. */
  readonly firstClaimAtMs?: number | undefined;
  readonly finishedAtMs?: number | undefined;
  readonly cancelRequestedAtMs?: number | undefined;
}

/** Whether nothing more happens to the task by itself. */
export function isTerminal({ state }: Task): boolean {
  return state !== 'pending' && state !== 'running';
}
