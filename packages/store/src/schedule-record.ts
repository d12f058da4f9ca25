import type { MissedTicks, Overlap } from '@dispatchr/lifecycle';
import type { NamedPage, NamedPageRequest } from './queue-record.ts';
import type { NewTask, TaskRecord } from './task-record.ts';

/** What every task of a schedule has in common. */
export type ScheduledTaskContent = Omit<NewTask, 'id' | 'dueAt' | 'delayMs' | 'expiresAt'>;

/** A schedule as it is put. */
export interface NewSchedule {
  /** When it ticks, of the dialect of SCH-060. */
  readonly cron: string;
  /** A name of the IANA database. */
  readonly timeZone: string;
  readonly missedTicks: MissedTicks;
  readonly overlap: Overlap;
  /** The JSON text of its task as it was sent. */
  readonly source: string;
  /** What a submit of that task would record. */
  readonly task: ScheduledTaskContent;
}

/** A schedule as every answer shows it. */
export interface ScheduleRecord extends Omit<NewSchedule, 'task'> {
  readonly name: string;
  readonly paused: boolean;
  readonly createdAt: Date;
  /** The first tick after the last that was handled; absent while it is paused, and if there is none any more. */
  readonly nextTickAt?: Date;
  readonly lastTickAt?: Date;
  /** Of the last task that a tick or a run recorded. */
  readonly lastTaskId?: string;
}

/** What became of ticks that were due. */
export interface TickReport {
  /** Ticks whose task this call recorded. */
  readonly handled: number;
  /** Milliseconds until the next tick is due; absent without any, 0 when more is due already. */
  readonly nextInMs?: number;
  /** What kept single schedules from ticking; they are tried again with the next call. */
  readonly failures: readonly { readonly schedule: string; readonly error: unknown }[];
}

/** The part of the store that keeps schedules. */
export interface ScheduleStore {
  /**
   * Makes a schedule, or gives one that exists other settings; a paused one stays paused.
   * Throws a RangeError for a cron or a time zone that is no such thing: the caller checks them by `parseCron`.
   */
  putSchedule(name: string, put: NewSchedule): Promise<ScheduleRecord>;
  findSchedule(name: string): Promise<ScheduleRecord | undefined>;
  listSchedules(page: NamedPageRequest): Promise<NamedPage<ScheduleRecord>>;
  /** Has ticks left out until it is resumed; undefined without such a schedule. */
  pauseSchedule(name: string): Promise<ScheduleRecord | undefined>;
  /** Has it tick again from now on; undefined without such a schedule. */
  resumeSchedule(name: string): Promise<ScheduleRecord | undefined>;
  /** Answers with whether there was such a schedule. */
  deleteSchedule(name: string): Promise<boolean>;
  /**
   * Records one task of the schedule under `id`, due now; undefined without such a schedule.
   * Throws when `id` belongs to a task already.
   */
  runSchedule(name: string, id: string): Promise<TaskRecord | undefined>;
  /** Records the tasks of ticks that are due, of at most 100 schedules and of each at most 10 a call. */
  recordDueTicks(): Promise<TickReport>;
}
