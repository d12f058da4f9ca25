import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** How a probe ended: `unused` says that nothing was sent, or nothing is known of the origin by it. */
export interface EndedProbe {
  readonly origin: string;
  /** As `takeProbe` answered. */
  readonly probe: number;
  readonly result: 'answered' | 'failed' | 'unused';
  /** Milliseconds until the next one, unless this one was answered. */
  readonly pauseMs: number;
  readonly lastError?: string;
}

const endProbeStatement = defineStatement(
  'end-probe',
  'claim',
  { origin: 'text', probe: 'int8', result: 'text', pauseMs: 'int4', lastError: 'text' },
  ($) => sql`
    UPDATE ${heldTargets} SET
      state = CASE ${$.result} WHEN 'answered' THEN 'returning' ELSE state END,
      since = CASE ${$.result} WHEN 'answered' THEN now() ELSE since END,
      until = CASE ${$.result} WHEN 'answered' THEN now()
        ELSE now() + ${$.pauseMs} * interval '1 millisecond' END,
      failures = CASE ${$.result} WHEN 'answered' THEN 0 WHEN 'failed' THEN failures + 1 ELSE failures END,
      probes = CASE ${$.result} WHEN 'failed' THEN probes + 1 ELSE probes END,
      probe = NULL, last_error = coalesce(${$.lastError}, last_error)
    WHERE key = ${$.origin} AND state = 'circuit-open' AND probe = ${$.probe}
    RETURNING key`,
);

const keepProbeStatement = defineStatement(
  'keep-probe',
  'claim',
  { origin: 'text', probe: 'int8', leaseMs: 'int4' },
  ($) => sql`
    UPDATE ${heldTargets} SET until = now() + ${$.leaseMs} * interval '1 millisecond'
    WHERE key = ${$.origin} AND state = 'circuit-open' AND probe = ${$.probe}`,
);

/** Ends a probe; false when it was another's by then, or the circuit was closed. */
export async function endProbe(database: Queryable, probe: EndedProbe): Promise<boolean> {
  const { lastError = null, ...rest } = probe;
  return (await endProbeStatement(database, { ...rest, lastError })).length > 0;
}

/** Keeps others from probing while this probe is in flight, for `leaseMs` milliseconds from now. */
export async function keepProbe(
  database: Queryable,
  probe: { origin: string; probe: number; leaseMs: number },
): Promise<void> {
  await keepProbeStatement(database, probe);
}
