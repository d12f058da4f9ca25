import { isLimited, type Limits } from '@dispatchr/lifecycle';
import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { flowKeys } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const writeStatement = defineStatement(
  'write-flow-key-limits',
  'read',
  { queue: 'text', flowKey: 'text', maxConcurrency: 'int4', ratePerSecond: 'float8', rateBurst: 'int4' },
  ($) => sql`
    INSERT INTO ${flowKeys} (queue, flow_key, max_concurrency, rate_per_second, rate_burst)
    VALUES (${$.queue}, ${$.flowKey}, ${$.maxConcurrency}, ${$.ratePerSecond}, ${$.rateBurst})
    ON CONFLICT (queue, flow_key) DO UPDATE
    SET max_concurrency = excluded.max_concurrency, rate_per_second = excluded.rate_per_second,
      rate_burst = excluded.rate_burst`,
);

const removeStatement = defineStatement(
  'remove-flow-key-limits',
  'read',
  { queue: 'text', flowKey: 'text' },
  ($) => sql`DELETE FROM ${flowKeys} WHERE queue = ${$.queue} AND flow_key = ${$.flowKey}`,
);

/** Writes the limits that a flow key has of its own; without any it has no row. */
export async function writeFlowKeyLimits(
  database: Queryable,
  queue: string,
  flowKey: string,
  limits: Limits,
): Promise<void> {
  if (!isLimited(limits)) return void (await removeStatement(database, { queue, flowKey }));
  await writeStatement(database, {
    queue,
    flowKey,
    maxConcurrency: limits.maxConcurrency ?? null,
    ratePerSecond: limits.rateLimit?.perSecond ?? null,
    rateBurst: limits.rateLimit?.burst ?? null,
  });
}
