import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** Rows that one call looks at, shared by the lanes, and fewest of one lane. */
const MOST_LOOKED_AT = sql.raw('20000');
const FEWEST_OF_A_LANE = sql.raw('100');

/**
 * Looks at the heads of the lanes, which claims would read again and again. The lanes are found as a look at what is
 * due finds them. What an operator runs is not parked, nor what an origin's probe may be made with.
 * A subselect with LIMIT 1: EXISTS becomes a hash of all tasks once the table is analysed.
 */
const parkTasksStatement = defineStatement(
  'park-tasks',
  'claim',
  { limit: 'int4' },
  ($) => sql`
    WITH RECURSIVE lanes AS (
      (SELECT queue, priority FROM ${unfinishedTasks} WHERE parked_for IS NULL
        ORDER BY queue DESC, priority DESC LIMIT 1)
      UNION ALL
      SELECT next.queue, next.priority
      FROM lanes CROSS JOIN LATERAL (
        SELECT u.queue, u.priority FROM ${unfinishedTasks} u
        WHERE (u.queue, u.priority) < (lanes.queue, lanes.priority) AND u.parked_for IS NULL
        ORDER BY u.queue DESC, u.priority DESC LIMIT 1
      ) next
    ), held AS MATERIALIZED (
      SELECT key, origin FROM ${heldTargets}
      WHERE state = 'circuit-open' AND (probe IS NULL OR until <= now()) OR state = 'held-back' AND until > now()
    ), found AS MATERIALIZED (
      SELECT head.seq
      FROM lanes CROSS JOIN LATERAL (
        SELECT u.seq, u.origin, u.state, u.run_at FROM ${unfinishedTasks} u
        WHERE u.queue = lanes.queue AND u.priority = lanes.priority AND u.parked_for IS NULL AND u.due_at <= now()
        ORDER BY u.due_at
        LIMIT greatest(${FEWEST_OF_A_LANE}, ${MOST_LOOKED_AT} / (SELECT count(*) FROM lanes))
      ) head
      WHERE head.state = ${STATE.pending} AND head.run_at IS NULL
        AND head.origin = ANY (ARRAY (SELECT origin FROM held))
        AND (head.origin = ANY (ARRAY (SELECT key FROM held))
          OR (SELECT t.target FROM ${tasks} t WHERE t.seq = head.seq LIMIT 1) = ANY (ARRAY (SELECT key FROM held)))
      LIMIT ${$.limit}
    ), locked AS MATERIALIZED (
      SELECT seq FROM ${unfinishedTasks}
      WHERE seq = ANY (ARRAY (SELECT seq FROM found))
        AND state = ${STATE.pending} AND run_at IS NULL AND parked_for IS NULL
      FOR UPDATE SKIP LOCKED
    ), parked AS (
      UPDATE ${unfinishedTasks} u SET parked_for = CASE
        WHEN u.origin = ANY (ARRAY (SELECT key FROM held)) THEN u.origin
        ELSE (SELECT t.target FROM ${tasks} t WHERE t.seq = u.seq LIMIT 1) END
      WHERE u.seq = ANY (ARRAY (SELECT seq FROM locked))
      RETURNING u.seq
    )
    SELECT count(*) AS parked FROM parked`,
);

/** Parks due tasks of what is held, at most `limit`; answers with how many. */
export async function parkTasks(database: Queryable, { limit }: { limit: number }): Promise<number> {
  const [row] = await parkTasksStatement(database, { limit });
  return Number(row?.['parked'] ?? 0);
}
