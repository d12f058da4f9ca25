import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const pauseScheduleStatement = defineStatement(
  'pause-schedule',
  'read',
  { name: 'text' },
  ($) => sql`
    UPDATE ${schedules} SET paused = true, next_tick_at = NULL, revision = revision + 1
    WHERE name = ${$.name} AND NOT paused`,
);

const resumeScheduleStatement = defineStatement(
  'resume-schedule',
  'read',
  { name: 'text', nextTickAt: 'timestamptz' },
  ($) => sql`
    UPDATE ${schedules} SET paused = false, next_tick_at = ${$.nextTickAt} WHERE name = ${$.name} AND paused`,
);

/** Pauses a schedule that is not; what a scheduler decided about its ticks before is not written any more. */
export async function pauseSchedule(database: Queryable, name: string): Promise<void> {
  await pauseScheduleStatement(database, { name });
}

/** Has a paused schedule, whose row is locked, tick again. */
export async function resumeSchedule(
  transaction: Queryable,
  name: string,
  nextTickAt: Date | undefined,
): Promise<void> {
  await resumeScheduleStatement(transaction, { name, nextTickAt: nextTickAt?.toISOString() ?? null });
}
