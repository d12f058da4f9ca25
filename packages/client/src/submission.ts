import type { Instant, TaskSubmission } from '@dispatchr/contract';

/**
 * A task to submit: the contract's `TaskSubmission`, with `taskArgs` of a type of your own and instants as text or `Date`.
 * `taskArgs` is sent as `JSON.stringify` writes it; on Node 22 and later a `bigint` in it keeps all of its digits.
 */
export type Submission<Args = unknown> = Omit<TaskSubmission, 'taskArgs' | 'dueAt' | 'expiresAt'> & {
  taskArgs?: Args;
  dueAt?: Instant | Date;
  expiresAt?: Instant | Date;
};

/** What a call may be told beside its arguments. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What a submit may be told beside the task. */
export interface SubmitOptions extends CallOptions {
  /** Does what an `id` does for producers that choose none: 1 to 255 printable ASCII characters. Not beside an `id`. */
  idempotencyKey?: string;
  /**
   * Answer when the task is terminal, or after so many milliseconds with the task as it then is. Whole seconds, rounded up;
   * at most the recorder's `limits.maxWaitMs`. Needs the recorder's feature `wait`.
   */
  waitMs?: number;
  /** W3C trace context, carried on to the target. */
  traceparent?: string;
  /** The vendor part of the trace context. */
  tracestate?: string;
}
