/** What a handler may say with one of the errors that are meant for the scheduler. */
export interface OutcomeOptions {
  /** Why, for people: it is kept with the attempt, where operators see it. */
  detail?: string;
  /** What made the handler say so; it stays in this process. */
  cause?: unknown;
}

/** Thrown by a handler: try this task again, after `afterMs` if it is given, else after the backoff of its retry policy. */
export class RetryLater extends Error {
  override readonly name = 'RetryLater';
  /** Not before so many milliseconds: 0 or more, rounded up to seconds. A scheduler waits an hour at most. */
  readonly afterMs: number | undefined;

  constructor({ afterMs, detail, cause }: OutcomeOptions & { afterMs?: number } = {}) {
    super(detail ?? 'the handler asked to be tried again', { cause });
    if (afterMs !== undefined && !(afterMs >= 0 && afterMs < Infinity)) {
      throw new RangeError(`RetryLater: expected afterMs of 0 or more, got ${afterMs}`);
    }
    this.afterMs = afterMs;
  }
}

/** Thrown by a handler: do not try this task again. It fails, `rejected`. */
export class Reject extends Error {
  override readonly name = 'Reject';

  constructor({ detail, cause }: OutcomeOptions = {}) {
    super(detail ?? 'the handler rejected the task', { cause });
  }
}
