import { type RateLimit, rateOf } from '@dispatchr/lifecycle';
import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { flowKeys, gates } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const bringRatesForwardStatement = defineStatement(
  'bring-rates-forward',
  'read',
  { queue: 'text', flowKey: 'text', mostMs: 'float8' },
  ($) => sql`
    WITH ahead AS MATERIALIZED (
      SELECT g.queue, g.flow_key FROM ${gates} g
      WHERE g.queue = ${$.queue} AND g.tat > now() + ${$.mostMs} * interval '1 millisecond'
        AND (g.flow_key = ${$.flowKey} OR ${$.flowKey} IS NULL AND g.flow_key <> '' AND NOT EXISTS (
          SELECT FROM ${flowKeys} k
          WHERE k.queue = g.queue AND k.flow_key = g.flow_key AND k.rate_per_second IS NOT NULL))
      ORDER BY g.queue, g.flow_key
      FOR UPDATE OF g
    )
    UPDATE ${gates} g SET tat = now() + ${$.mostMs} * interval '1 millisecond'
    FROM ahead WHERE g.queue = ahead.queue AND g.flow_key = ahead.flow_key`,
);

/**
 * What was started under a slower rate must not hold up a faster one for longer than a whole burst of it takes.
 *
 * @param flowKey - '' for the queue's own gate; undefined for every flow key without a rate of its own.
 */
export async function bringRatesForward(
  database: Queryable,
  queue: string,
  flowKey: string | undefined,
  rateLimit: RateLimit,
): Promise<void> {
  const { intervalMs, capacity } = rateOf(rateLimit);
  await bringRatesForwardStatement(database, {
    queue,
    flowKey: flowKey ?? null,
    mostMs: intervalMs * capacity,
  });
}
