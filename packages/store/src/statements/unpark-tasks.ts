import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** Hops from key to key over the index of parked tasks: whoever forgot to let them go, they are found. */
const unparkTasksStatement = defineStatement(
  'unpark-tasks',
  'claim',
  { limit: 'int4', returning: 'text[]', returningLimits: 'int4[]' },
  ($) => sql`
    WITH RECURSIVE keys AS (
      (SELECT parked_for AS key FROM ${unfinishedTasks} WHERE parked_for IS NOT NULL ORDER BY parked_for LIMIT 1)
      UNION ALL
      SELECT next.key FROM keys CROSS JOIN LATERAL (
        SELECT parked_for AS key FROM ${unfinishedTasks}
        WHERE parked_for > keys.key AND parked_for IS NOT NULL
        ORDER BY parked_for LIMIT 1
      ) next
    ), free AS (
      SELECT keys.key, coalesce(returning_key.most, ${$.limit}) AS most
      FROM keys
      LEFT JOIN ${heldTargets} h ON h.key = keys.key
      LEFT JOIN unnest(${$.returning}, ${$.returningLimits}) AS returning_key (key, most)
        ON returning_key.key = keys.key AND h.state = 'returning'
      WHERE h.key IS NULL OR h.state = 'held-back' AND h.until <= now() OR returning_key.most > 0
    ), found AS MATERIALIZED (
      SELECT batch.seq FROM free CROSS JOIN LATERAL (
        SELECT u.seq FROM ${unfinishedTasks} u
        WHERE u.parked_for = free.key
        ORDER BY u.due_at
        LIMIT free.most
        FOR UPDATE SKIP LOCKED
      ) batch
    ), unparked AS (
      UPDATE ${unfinishedTasks} SET parked_for = NULL
      WHERE seq = ANY (ARRAY (SELECT seq FROM found))
      RETURNING seq
    )
    SELECT count(*) AS unparked FROM unparked`,
);

/** What is let go of an origin that returns, beside what is held no longer. */
export interface ReturningKey {
  readonly key: string;
  readonly limit: number;
}

/** Lets go of parked tasks, oldest due first, at most `limit` for each key that is held no longer; answers with how many. */
export async function unparkTasks(
  database: Queryable,
  { limit, returning }: { limit: number; returning: readonly ReturningKey[] },
): Promise<number> {
  const [row] = await unparkTasksStatement(database, {
    limit,
    returning: returning.map(({ key }) => key),
    returningLimits: returning.map(({ limit: most }) => most),
  });
  return Number(row?.['unparked'] ?? 0);
}
