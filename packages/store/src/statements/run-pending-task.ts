import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** Makes a waiting task due now; one that is due already keeps its place. */
export const runPendingTask = defineStatement(
  'run-pending-task',
  'read',
  { seq: 'int8' },
  ($) => sql`
    UPDATE ${unfinishedTasks} SET due_at = least(due_at, now())
    WHERE seq = ${$.seq} AND state = ${STATE.pending}
    RETURNING seq`,
);
