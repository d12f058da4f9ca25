import type { Queryable, Row } from '../database/database.ts';
import { present } from '../decode-row.ts';
import { sql } from '../drizzle.ts';
import type { HeldState, HeldTarget } from '../queue-record.ts';
import { heldTargets, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** What is held at one moment, and whether tasks are parked at all. */
export interface HeldTargets {
  readonly targets: readonly HeldTarget[];
  readonly hasParked: boolean;
}

const findHeldTargetsStatement = defineStatement(
  'find-held-targets',
  'claim',
  {},
  () => sql`
    SELECT parked.is_any, h.*, extract(epoch FROM now() - h.since)::float8 * 1000 AS since_ms,
      extract(epoch FROM h.until - now())::float8 * 1000 AS until_in_ms
    FROM (
      SELECT (SELECT true FROM ${unfinishedTasks} WHERE parked_for IS NOT NULL ORDER BY parked_for LIMIT 1) AS is_any
    ) parked
    LEFT JOIN ${heldTargets} h ON true`,
);

/** Finds everything that has a row, also hold-backs that are over and were not forgotten yet. */
export async function findHeldTargets(database: Queryable): Promise<HeldTargets> {
  const rows = await findHeldTargetsStatement(database, {});
  return {
    targets: rows.filter(({ key }) => key !== null).map(toHeldTarget),
    hasParked: rows[0]?.['is_any'] === true,
  };
}

function toHeldTarget(row: Row): HeldTarget {
  return {
    key: row['key'] as string,
    origin: row['origin'] as string,
    state: row['state'] as HeldState,
    since: row['since'] as Date,
    until: row['until'] as Date,
    failures: Number(row['failures']),
    probes: Number(row['probes']),
    sinceMs: Number(row['since_ms']),
    untilInMs: Number(row['until_in_ms']),
    ...present({ lastError: row['last_error'] as string | null }),
  };
}
