import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { finishedTasks, unfinishedTasks } from '../schema/index.ts';
import { REASON, STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

const expireTasksStatement = defineStatement(
  'expire-tasks',
  'claim',
  { limit: 'int4' },
  ($) => sql`
    WITH expired AS (
      DELETE FROM ${unfinishedTasks}
      WHERE seq = ANY (ARRAY (
        SELECT seq FROM ${unfinishedTasks}
        WHERE expires_at IS NOT NULL AND expires_at <= now() AND state = ${STATE.pending}
        ORDER BY expires_at
        LIMIT ${$.limit}
        FOR UPDATE SKIP LOCKED
      ))
      RETURNING seq, attempt, attempts_used, due_at, started_at
    )
    INSERT INTO ${finishedTasks} (seq, state, reason, attempt, attempts_used, due_at, started_at, finished_at)
    SELECT seq, ${STATE.failed}, ${REASON.expired}, attempt, attempts_used, due_at, started_at, now() FROM expired
    RETURNING seq`,
);

/** Fails waiting tasks whose `expiresAt` is past, at most `limit`; answers with how many. */
export async function expireTasks(database: Queryable, { limit }: { limit: number }): Promise<number> {
  return (await expireTasksStatement(database, { limit })).length;
}
