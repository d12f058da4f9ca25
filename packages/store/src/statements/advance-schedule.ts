import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';
import type { DueSchedule } from './find-due-schedules.ts';

/** What the tasks of ticks are made by. */
export interface AdvancedSchedule {
  /** JSON of a `ScheduledTaskContent`. */
  readonly task: string;
  /** Whether the last task that it recorded is pending or running. */
  readonly isUnfinished: boolean;
}

/**
 * The guard lets one scheduler handle a tick, however many decided about it. None waits for another, nor for a change that
 * is under way: all have other schedules to see to.
 */
const advanceScheduleStatement = defineStatement(
  'advance-schedule',
  'submit',
  { name: 'text', revision: 'text', nextTickAt: 'timestamptz' },
  ($) => sql`
    UPDATE ${schedules} s SET next_tick_at = ${$.nextTickAt}, revision = revision + 1
    WHERE name = (
      SELECT name FROM ${schedules}
      WHERE name = ${$.name} AND revision = ${$.revision}::int8 AND NOT paused
      FOR UPDATE SKIP LOCKED
    )
    RETURNING s.task, EXISTS (SELECT FROM ${unfinishedTasks} u WHERE u.seq = s.last_seq) AS is_unfinished`,
);

/** Takes the due ticks of a schedule: goes on to the tick after them. Undefined when it is not as it was seen any more. */
export async function advanceSchedule(
  transaction: Queryable,
  { name, revision }: DueSchedule,
  nextTickAt: Date | undefined,
): Promise<AdvancedSchedule | undefined> {
  const [row] = await advanceScheduleStatement(transaction, {
    name,
    revision,
    nextTickAt: nextTickAt?.toISOString() ?? null,
  });
  return row && { task: row['task'] as string, isUnfinished: row['is_unfinished'] === true };
}
