import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const deleteScheduleStatement = defineStatement(
  'delete-schedule',
  'read',
  { name: 'text' },
  ($) => sql`DELETE FROM ${schedules} WHERE name = ${$.name} RETURNING name`,
);

/** Forgets a schedule, not its tasks; answers with whether there was one. */
export async function deleteSchedule(database: Queryable, name: string): Promise<boolean> {
  return (await deleteScheduleStatement(database, { name })).length > 0;
}
