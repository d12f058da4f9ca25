import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { gates } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const removeIdleGatesStatement = defineStatement(
  'remove-idle-gates',
  'claim',
  { limit: 'int4' },
  ($) => sql`
    DELETE FROM ${gates} g
    USING (
      SELECT queue, flow_key FROM ${gates}
      WHERE flow_key <> '' AND in_flight = 0 AND tat < now() - interval '1 hour'
      LIMIT ${$.limit}
      FOR UPDATE SKIP LOCKED
    ) idle
    WHERE g.queue = idle.queue AND g.flow_key = idle.flow_key
    RETURNING g.queue`,
);

/**
 * Removes gates of flow keys that count nothing and were not passed for an hour, at most `limit`; answers with how many.
 * One that is removed while a claim waits for it lets nothing through that time, and is made again.
 */
export async function removeIdleGates(database: Queryable, { limit }: { limit: number }): Promise<number> {
  return (await removeIdleGatesStatement(database, { limit })).length;
}
