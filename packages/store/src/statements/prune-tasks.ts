import { type SQL, sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { attempts, finishedTasks, tasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

const pruneCompletedTasks = definePrune('prune-completed-tasks', sql`state = ${STATE.completed}`);
const pruneOtherTasks = definePrune('prune-other-tasks', sql`state <> ${STATE.completed}`);

/**
 * Forgets finished tasks and their attempts once their retention time is over, at most `limit` of each kind.
 * Answers with how many.
 */
export async function pruneTasks(
  database: Queryable,
  retention: { completedMs: number; otherMs: number; limit: number },
): Promise<number> {
  const { completedMs, otherMs, limit } = retention;
  const completed = await pruneCompletedTasks(database, { retentionMs: completedMs, limit });
  const other = await pruneOtherTasks(database, { retentionMs: otherMs, limit });
  return completed.length + other.length;
}

/** The condition is part of the text because a partial index serves only a query that repeats its predicate. */
function definePrune(name: string, condition: SQL) {
  return defineStatement(
    name,
    'claim',
    { retentionMs: 'int8', limit: 'int4' },
    ($) => sql`
      WITH old AS MATERIALIZED (
        SELECT seq FROM ${finishedTasks}
        WHERE ${condition} AND finished_at < now() - ${$.retentionMs} * interval '1 millisecond'
        ORDER BY finished_at
        LIMIT ${$.limit}
        FOR UPDATE SKIP LOCKED
      ), forgotten AS (
        DELETE FROM ${finishedTasks} WHERE seq = ANY (ARRAY (SELECT seq FROM old))
      ), without_attempts AS (
        DELETE FROM ${attempts} WHERE seq = ANY (ARRAY (SELECT seq FROM old))
      )
      DELETE FROM ${tasks} WHERE seq = ANY (ARRAY (SELECT seq FROM old))
      RETURNING seq`,
  );
}
