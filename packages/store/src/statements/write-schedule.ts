import type { Queryable } from '../database/database.ts';
import { SCHEDULE_COLUMNS, toScheduleRecord } from '../decode-schedule.ts';
import { sql } from '../drizzle.ts';
import type { NewSchedule, ScheduleRecord } from '../schedule-record.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const writeScheduleStatement = defineStatement(
  'write-schedule',
  'read',
  {
    name: 'text',
    cron: 'text',
    timeZone: 'text',
    missedTicks: 'text',
    overlap: 'text',
    source: 'text',
    task: 'text',
    nextTickAt: 'timestamptz',
  },
  ($) => sql`
    UPDATE ${schedules}
    SET cron = ${$.cron}, time_zone = ${$.timeZone}, missed_ticks = ${$.missedTicks}, overlap = ${$.overlap},
      source = ${$.source}, task = ${$.task}, next_tick_at = ${$.nextTickAt}
    WHERE name = ${$.name}
    RETURNING ${sql.raw(SCHEDULE_COLUMNS)}`,
);

/** Writes what was put of a schedule, whose row is locked, and its next tick. */
export async function writeSchedule(
  transaction: Queryable,
  name: string,
  { cron, timeZone, missedTicks, overlap, source, task }: NewSchedule,
  nextTickAt: Date | undefined,
): Promise<ScheduleRecord> {
  const [row = {}] = await writeScheduleStatement(transaction, {
    name,
    cron,
    timeZone,
    missedTicks,
    overlap,
    source,
    task: JSON.stringify(task),
    nextTickAt: nextTickAt?.toISOString() ?? null,
  });
  return toScheduleRecord(row);
}
