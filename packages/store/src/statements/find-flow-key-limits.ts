import type { Limits } from '@dispatchr/lifecycle';
import type { Queryable } from '../database/database.ts';
import { toLimits } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import { flowKeys } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const findFlowKeyLimitsStatement = defineStatement(
  'find-flow-key-limits',
  'read',
  { queue: 'text', flowKey: 'text' },
  ($) => sql`
    SELECT max_concurrency, rate_per_second, rate_burst FROM ${flowKeys}
    WHERE queue = ${$.queue} AND flow_key = ${$.flowKey}`,
);

/** The limits that a flow key has of its own. */
export async function findFlowKeyLimits(
  database: Queryable,
  queue: string,
  flowKey: string,
): Promise<Limits> {
  const [row = {}] = await findFlowKeyLimitsStatement(database, { queue, flowKey });
  return toLimits(row);
}
