import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const removeEndedHoldsStatement = defineStatement(
  'remove-ended-holds',
  'claim',
  { returnMs: 'int4' },
  ($) => sql`
    WITH ended AS MATERIALIZED (
      SELECT key FROM ${heldTargets}
      WHERE state = 'held-back' AND until <= now()
        OR state = 'returning' AND since <= now() - ${$.returnMs} * interval '1 millisecond'
      ORDER BY key
      FOR UPDATE SKIP LOCKED
    )
    DELETE FROM ${heldTargets} WHERE key = ANY (ARRAY (SELECT key FROM ended))`,
);

/** Forgets hold-backs that are over, and origins that have been returning for `returnMs` milliseconds. */
export async function removeEndedHolds(
  database: Queryable,
  { returnMs }: { returnMs: number },
): Promise<void> {
  await removeEndedHoldsStatement(database, { returnMs });
}
