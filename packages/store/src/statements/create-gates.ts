import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { gates } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const createGatesStatement = defineStatement(
  'create-gates',
  'claim',
  { queues: 'text[]', flowKeys: 'text[]' },
  ($) => sql`
    INSERT INTO ${gates} (queue, flow_key)
    SELECT queue, flow_key FROM unnest(${$.queues}, ${$.flowKeys}) AS gate (queue, flow_key)
    ORDER BY queue COLLATE "C", flow_key COLLATE "C"
    ON CONFLICT DO NOTHING`,
);

/** Makes sure that gates are there, so that they can be locked. */
export async function createGates(
  database: Queryable,
  missing: readonly { readonly queue: string; readonly flowKey: string }[],
): Promise<void> {
  await createGatesStatement(database, {
    queues: missing.map(({ queue }) => queue),
    flowKeys: missing.map(({ flowKey }) => flowKey),
  });
}
