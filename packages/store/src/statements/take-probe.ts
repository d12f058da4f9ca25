import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { heldTargets, NEXT_LEASE, queues, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** A probe that was taken. */
export interface TakenProbe {
  /** The number by which it is kept and ended; no other probe ever has it. */
  readonly probe: number;
  /** Probes that failed since the circuit opened. */
  readonly probes: number;
}

/** Parked tasks that are looked at for one whose queue is not paused, and whose URL is not held by itself. */
const MOST_LOOKED_AT = sql.raw('1000');

/** Tasks that are let go for one probe: the claim of one may fail for limits of its queue. */
const CANDIDATES = sql.raw('3');

/**
 * The guarded update decides who probes: a second one waits for the first, and then finds `until` ahead. It is taken
 * only together with something to probe with.
 */
const takeProbeStatement = defineStatement(
  'take-probe',
  'claim',
  { origin: 'text', leaseMs: 'int4' },
  ($) => sql`
    WITH candidates AS MATERIALIZED (
      SELECT u.seq FROM ${unfinishedTasks} u
      WHERE u.seq = ANY (ARRAY (
        SELECT p.seq FROM (
          SELECT seq, queue FROM ${unfinishedTasks}
          WHERE parked_for = ${$.origin} AND due_at <= now() AND state = ${STATE.pending}
            AND (expires_at IS NULL OR expires_at > now())
          ORDER BY due_at LIMIT ${MOST_LOOKED_AT}
        ) p
        WHERE NOT EXISTS (SELECT FROM ${queues} q WHERE q.name = p.queue AND q.paused)
          AND NOT EXISTS (
            SELECT FROM ${heldTargets} h
            WHERE h.key = (SELECT t.target FROM ${tasks} t WHERE t.seq = p.seq LIMIT 1)
              AND h.key <> h.origin AND h.until > now())
        LIMIT ${CANDIDATES}
      )) AND u.state = ${STATE.pending}
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE ${heldTargets} SET until = now() + ${$.leaseMs} * interval '1 millisecond', probe = ${NEXT_LEASE}
      WHERE key = ${$.origin} AND state = 'circuit-open' AND until <= now() AND EXISTS (SELECT FROM candidates)
      RETURNING probe, probes
    ), let_go AS (
      UPDATE ${unfinishedTasks} SET parked_for = NULL
      WHERE seq = ANY (ARRAY (SELECT seq FROM candidates)) AND EXISTS (SELECT FROM taken)
    )
    SELECT probe, probes FROM taken`,
);

/**
 * Takes the probe of an open circuit if it is time for one and there is a task to probe with, which is then parked no
 * longer. Nobody else gets one for `leaseMs` milliseconds, or until it is ended. Spec: HLD-022, HLD-025.
 * Undefined when it was not taken.
 */
export async function takeProbe(
  database: Queryable,
  probe: { origin: string; leaseMs: number },
): Promise<TakenProbe | undefined> {
  const [row] = await takeProbeStatement(database, probe);
  return row && { probe: Number(row['probe']), probes: Number(row['probes']) };
}
