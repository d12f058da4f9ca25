import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** Reads from the hot table, so that a database that answers but lacks the tables is not called healthy. */
export const checkHealth = defineStatement(
  'check-health',
  'read',
  {},
  () => sql`SELECT true AS healthy FROM (SELECT 1) one LEFT JOIN ${unfinishedTasks} u ON false`,
);
