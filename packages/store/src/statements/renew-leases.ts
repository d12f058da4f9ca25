import { LEASE_MS } from '@dispatchr/lifecycle';
import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { Lease } from '../task-record.ts';

const renewLeasesStatement = defineStatement(
  'renew-leases',
  'claim',
  { seqs: 'int8[]', leases: 'int8[]', leaseMs: 'int4' },
  // Locked in the order in which settles lock: in any other the two can wait for each other.
  ($) => sql`
    WITH held AS MATERIALIZED (
      SELECT seq FROM ${unfinishedTasks}
      WHERE seq = ANY (${$.seqs}) AND lease = ANY (${$.leases}) AND state = ${STATE.running}
      ORDER BY seq
      FOR UPDATE
    )
    UPDATE ${unfinishedTasks} SET lease_until = now() + ${$.leaseMs} * interval '1 millisecond'
    WHERE seq = ANY (ARRAY (SELECT seq FROM held))
    RETURNING lease`,
);

/** Renews leases for another {@link LEASE_MS}; answers with the numbers of those that still stood. */
export async function renewLeases(database: Queryable, leases: readonly Lease[]): Promise<number[]> {
  const rows = await renewLeasesStatement(database, {
    seqs: leases.map(({ seq }) => seq),
    leases: leases.map(({ lease }) => lease),
    leaseMs: LEASE_MS,
  });
  return rows.map((row) => Number(row['lease']));
}
