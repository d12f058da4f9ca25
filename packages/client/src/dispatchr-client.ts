import type {
  Attempt,
  BatchResult,
  Discovery,
  Instant,
  Queue,
  TargetHealth,
  Task,
  TaskSummary,
  operations,
} from '@dispatchr/contract';
import type { List, ListOptions } from './list.ts';
import type { Schedules } from './schedules.ts';
import type { CallOptions, Submission, SubmitOptions } from './submission.ts';
import type { WaitOptions } from './wait-for-task.ts';

type TaskQuery = NonNullable<operations['listTasks']['parameters']['query']>;

/** Which tasks to list; the filters are joined by "and". */
export type TaskFilter = Omit<TaskQuery, 'cursor' | 'createdAfter' | 'createdBefore'> & {
  /** Only tasks recorded at this instant or later. */
  createdAfter?: Instant | Date;
  /** Only tasks recorded before this instant. */
  createdBefore?: Instant | Date;
};

/**
 * A producer's and an operator's view of a recorder.
 *
 * Each method rejects with a `DispatchrError` for an answer that says no, with a `DispatchrUnreachableError` if no answer
 * came, and with the reason of `signal` if that is aborted. What says "repeated" is tried again on 429, 502, 503 (as
 * `Retry-After` asks), 504 and lost connections, within the bounds of the option `retry`. The others are sent once: when their
 * answer is lost, read the task before you repeat them.
 */
export interface DispatchrClient {
  /**
   * Submits a task; resolves once it is durable. Repeated: a task without `id` gets one before the first try (a UUID of version
   * 7, unless there is an `idempotencyKey`), so that it is recorded once, however often it was sent.
   */
  submit<Args>(task: Submission<Args>, options?: SubmitOptions): Promise<TaskSummary>;

  /** Submits 1 to 1,000 tasks, all or none; the results are in their order. Repeated, with an id for each task as in `submit`. */
  submitBatch<Args>(tasks: readonly Submission<Args>[], options?: CallOptions): Promise<BatchResult>;

  /**
   * Waits until the task is completed, failed or cancelled, or until the time is over, and resolves with the task as it then is.
   * It reads the task with growing pauses (50 ms to 2 s), so it works with every recorder. Repeated.
   */
  wait(id: string, options?: WaitOptions): Promise<Task>;

  /** Reads a task with all that was submitted; an integer beyond 2^53 in `taskArgs` loses digits. Repeated. */
  get(id: string, options?: CallOptions): Promise<Task>;

  /** Lists tasks, the one submitted last first, without `taskArgs`, `request` and `headers`. Each page is repeated. */
  list(filter?: TaskFilter, options?: CallOptions): List<TaskSummary>;

  /** Lists the attempts of a task that have ended, the first one first. Each page is repeated. */
  attempts(id: string, options?: ListOptions & CallOptions): List<Attempt>;

  /**
   * Cancels a task that is not terminal. While it is running the attempt in flight goes on, `cancelRequestedAt` is set, and the
   * task is completed if that attempt is. Repeated: a second cancel changes nothing.
   */
  cancel(id: string, options?: CallOptions): Promise<TaskSummary>;

  /** Makes a pending task due now. Sent once: a second one could hurry the retry that follows. */
  run(id: string, options?: CallOptions): Promise<TaskSummary>;

  /** Makes a terminal task pending again, with a fresh budget. Sent once: a second one could do completed work again. */
  retry(id: string, options?: CallOptions): Promise<TaskSummary>;

  /** Deletes a terminal task and its attempts. Sent once: by a second one the id could be that of a new task. */
  delete(id: string, options?: CallOptions): Promise<void>;

  /** Lists the queues that have settings or unfinished tasks. Each page is repeated. */
  queues(options?: ListOptions & CallOptions): List<Queue>;

  /** Lists the origins that are not healthy, have a URL held back, or have an attempt in flight. Each page is repeated. */
  targets(options?: { origin?: string } & ListOptions & CallOptions): List<TargetHealth>;

  /** Recurring tasks. */
  readonly schedules: Schedules;

  /** What the recorder is and has: features, limits, versions. Needs no token. Repeated. */
  discovery(options?: CallOptions): Promise<Discovery>;
}
