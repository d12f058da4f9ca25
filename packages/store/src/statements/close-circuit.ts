import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { TargetRecord } from '../target-record.ts';

/** Locks by key first: two statements that delete the same rows in different orders would wait for each other. */
const closeCircuitStatement = defineStatement(
  'close-circuit',
  'read',
  { origin: 'text' },
  ($) => sql`
    WITH held AS MATERIALIZED (
      SELECT key FROM ${heldTargets} WHERE origin = ${$.origin} ORDER BY key FOR UPDATE
    ), closed AS (
      DELETE FROM ${heldTargets} WHERE key = ANY (ARRAY (SELECT key FROM held))
    )
    SELECT count(*) AS running FROM ${unfinishedTasks} WHERE state = ${STATE.running} AND origin = ${$.origin}`,
);

/** Makes an origin healthy and lets go of its URLs; what is parked for them is let go by the next scheduler's look. */
export async function closeCircuit(database: Queryable, origin: string): Promise<TargetRecord> {
  const [row] = await closeCircuitStatement(database, { origin });
  return { origin, state: 'healthy', failures: 0, running: Number(row?.['running'] ?? 0), heldUrls: [] };
}
