import { originOf } from '@dispatchr/lifecycle';
import { sql } from '../drizzle.ts';
import type { Queryable, Row } from '../database/database.ts';
import { finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { TaskRecord } from '../task-record.ts';

const retryFinishedTaskStatement = defineStatement(
  'retry-finished-task',
  'read',
  { seq: 'int8', origin: 'text' },
  ($) => sql`
    WITH reopened AS (
      DELETE FROM ${finishedTasks} WHERE seq = ${$.seq} RETURNING seq, attempt, started_at
    ), unexpired AS (
      UPDATE ${tasks} t SET expires_at = NULL FROM reopened WHERE t.seq = reopened.seq AND t.expires_at <= now()
    )
    INSERT INTO ${unfinishedTasks} (seq, queue, flow_key, origin, priority, due_at, expires_at, state,
      attempt, started_at)
    SELECT t.seq, t.queue, t.flow_key, ${$.origin}, t.priority, now(),
      CASE WHEN t.expires_at > now() THEN t.expires_at END, ${STATE.pending}, reopened.attempt, reopened.started_at
    FROM reopened JOIN ${tasks} t ON t.seq = reopened.seq
    RETURNING seq`,
);

/**
 * Makes a terminal task pending and due now with a new budget; its attempts go on being numbered.
 * An `expiresAt` that is past is cleared. No row means that it was deleted or retried meanwhile.
 */
export function retryFinishedTask(
  database: Queryable,
  { seq, target }: Pick<TaskRecord, 'seq' | 'target'>,
): Promise<Row[]> {
  return retryFinishedTaskStatement(database, { seq, origin: originOf(target) });
}
