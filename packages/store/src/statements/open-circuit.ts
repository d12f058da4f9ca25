import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** What asked to be left alone for longer is not probed before. Spec: HLD-011. */
const openCircuitStatement = defineStatement(
  'open-circuit',
  'claim',
  { origin: 'text', failures: 'int4', lastError: 'text', pauseMs: 'int4' },
  ($) => sql`
    INSERT INTO ${heldTargets} AS h (key, origin, state, since, until, failures, last_error)
    VALUES (${$.origin}, ${$.origin}, 'circuit-open', now(), now() + ${$.pauseMs} * interval '1 millisecond',
      ${$.failures}, ${$.lastError})
    ON CONFLICT (key) DO UPDATE SET
      state = excluded.state, since = excluded.since, until = greatest(h.until, excluded.until), probes = 0, probe = NULL,
      failures = excluded.failures, last_error = excluded.last_error
    WHERE h.state <> 'circuit-open'
    RETURNING key`,
);

/** Opens an origin's circuit, the first probe in `pauseMs` milliseconds; false when it was open already. */
export async function openCircuit(
  database: Queryable,
  circuit: { origin: string; failures: number; lastError: string; pauseMs: number },
): Promise<boolean> {
  return (await openCircuitStatement(database, circuit)).length > 0;
}
