import type { Queryable } from '../database/database.ts';
import { SCHEDULE_COLUMNS, toScheduleRecord } from '../decode-schedule.ts';
import { sql } from '../drizzle.ts';
import type { ScheduleRecord } from '../schedule-record.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const listSchedulesStatement = defineStatement(
  'list-schedules',
  'read',
  { after: 'text', limit: 'int4' },
  ($) => sql`
    SELECT ${sql.raw(SCHEDULE_COLUMNS)} FROM ${schedules} WHERE name > ${$.after} ORDER BY name LIMIT ${$.limit}`,
);

/** Lists schedules by name, those behind `after`. Spec: SCH-001. */
export async function listSchedules(
  database: Queryable,
  page: { after: string; limit: number },
): Promise<ScheduleRecord[]> {
  return (await listSchedulesStatement(database, page)).map(toScheduleRecord);
}
