import type { Schedule, SchedulePut, ScheduledTask, TaskSummary } from '@dispatchr/contract';
import type { List, ListOptions } from './list.ts';
import type { CallOptions } from './submission.ts';

/** How a schedule is to be: the contract's `SchedulePut`, with `task.taskArgs` of a type of your own. */
export type ScheduleSettings<Args = unknown> = Omit<SchedulePut, 'task'> & {
  /** What each tick submits. Its `taskArgs` is sent as `JSON.stringify` writes it, as with a submit. */
  task: Omit<ScheduledTask, 'taskArgs'> & { taskArgs?: Args };
};

/**
 * Recurring tasks. Each method fails as those of `DispatchrClient` do, and "repeated" means the same; a recorder without the feature
 * `schedules` refuses them with the problem `feature-not-supported`.
 */
export interface Schedules {
  /** Lists the schedules by name. Each page is repeated. */
  list(options?: ListOptions & CallOptions): List<Schedule>;

  /** Reads a schedule; an integer beyond 2^53 in `task.taskArgs` loses digits. Repeated. */
  get(name: string, options?: CallOptions): Promise<Schedule>;

  /**
   * Makes a schedule, or gives the one of this name all of these settings, and its default to each that is left out. Repeated: the
   * same put twice changes nothing, so an app may put its schedules at every start. A paused schedule stays paused.
   */
  put<Args>(name: string, settings: ScheduleSettings<Args>, options?: CallOptions): Promise<Schedule>;

  /** Has the ticks left out until `resume`. Repeated: a second pause changes nothing. */
  pause(name: string, options?: CallOptions): Promise<Schedule>;

  /** Has the schedule tick again, without those of the pause. Repeated: a second resume changes nothing. */
  resume(name: string, options?: CallOptions): Promise<Schedule>;

  /**
   * Submits the task of the schedule now, beside its ticks. Sent once: a second one would record a second task. When the answer is
   * lost, read `lastTaskId` of the schedule before you run it again.
   */
  run(name: string, options?: CallOptions): Promise<TaskSummary>;

  /**
   * Deletes the schedule; its tasks stay. Repeated: a schedule that is gone after an answer was lost counts as deleted, one that
   * is not there at the first try is a `DispatchrError` with the problem `schedule-not-found`.
   */
  delete(name: string, options?: CallOptions): Promise<void>;
}
