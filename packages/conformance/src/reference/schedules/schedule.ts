import type { Submission } from '../task.ts';

/** What can be put of a schedule, with its defaults. */
export interface ScheduleSettings {
  readonly cron: string;
  readonly timeZone: string;
  readonly missedTicks: string;
  readonly overlap: string;
  /** What each tick submits. */
  readonly task: Submission;
  /** The same as the JSON text that was put. */
  readonly taskText: string;
}

/** A schedule; a change makes a new one. Instants are milliseconds since 1970. */
export interface Schedule extends ScheduleSettings {
  readonly name: string;
  readonly paused: boolean;
  readonly nextTickAtMs: number | undefined;
  readonly lastTickAtMs?: number;
  readonly lastTaskId?: string;
  readonly createdAtMs: number;
}
