import { sql } from '../drizzle.ts';
import { finishedTasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** Cancels a task that waits; no row means that it was claimed or finished meanwhile. */
export const cancelPendingTask = defineStatement(
  'cancel-pending-task',
  'read',
  { seq: 'int8' },
  ($) => sql`
    WITH cancelled AS (
      DELETE FROM ${unfinishedTasks} WHERE seq = ${$.seq} AND state = ${STATE.pending}
      RETURNING seq, attempt, attempts_used, due_at, started_at
    )
    INSERT INTO ${finishedTasks} (seq, state, attempt, attempts_used, due_at, started_at, finished_at)
    SELECT seq, ${STATE.cancelled}, attempt, attempts_used, due_at, started_at, now() FROM cancelled
    RETURNING seq`,
);
