import type { Queryable } from '../database/database.ts';
import { SCHEDULE_COLUMNS, toScheduleRecord } from '../decode-schedule.ts';
import { sql } from '../drizzle.ts';
import type { ScheduleRecord } from '../schedule-record.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const findScheduleStatement = defineStatement(
  'find-schedule',
  'read',
  { name: 'text' },
  ($) => sql`SELECT ${sql.raw(SCHEDULE_COLUMNS)} FROM ${schedules} WHERE name = ${$.name}`,
);

/** Finds a schedule; undefined when there is none of the name. */
export async function findSchedule(database: Queryable, name: string): Promise<ScheduleRecord | undefined> {
  const [row] = await findScheduleStatement(database, { name });
  return row && toScheduleRecord(row);
}
