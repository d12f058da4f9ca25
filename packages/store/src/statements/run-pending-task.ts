import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/**
 * Makes a waiting task due now, to be claimed past a pause, a rate or a hold-back; one that is due already keeps its
 * `dueAt`, and one that was asked for already its place among those. Spec: CAN-013.
 */
export const runPendingTask = defineStatement(
  'run-pending-task',
  'read',
  { seq: 'int8' },
  ($) => sql`
    UPDATE ${unfinishedTasks} SET due_at = least(due_at, now()), run_at = coalesce(run_at, now()), parked_for = NULL
    WHERE seq = ${$.seq} AND state = ${STATE.pending}
    RETURNING seq`,
);
