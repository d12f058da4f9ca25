import type { RetryPolicy } from '@dispatchr/contract';
import { LEASE_MS } from '@dispatchr/lifecycle';
import { sql } from '../drizzle.ts';
import type { Queryable, Row } from '../database/database.ts';
import { parseJson, present } from '../decode-row.ts';
import { attempts, NEXT_LEASE, queues, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { LostAttempt } from '../task-record.ts';

/**
 * Gives the taker a lease of its own on tasks whose lease ran out, so that the one who lost it can settle nothing,
 * and so that a taker that dies too is swept in turn. There is no index on leases: it would end heap-only claims;
 * so this reads the whole table, which `read` is for.
 */
const takeOverLostLeasesStatement = defineStatement(
  'take-over-lost-leases',
  'read',
  {
    everyLease: 'bool',
    scheduler: 'text',
    exceptLeases: 'int8[]',
    limit: 'int4',
    leaseMs: 'int4',
    claimedUntil: 'timestamptz',
  },
  ($) => sql`
    WITH lost AS MATERIALIZED (
      SELECT seq FROM ${unfinishedTasks}
      WHERE state = ${STATE.running}
        AND (CASE WHEN ${$.scheduler} IS NULL THEN lease_until < now() OR ${$.everyLease}
          ELSE scheduler = ${$.scheduler} AND lease <> ALL (${$.exceptLeases})
            AND started_at <= coalesce(${$.claimedUntil}, now())
            AND lease_until = started_at + ${$.leaseMs} * interval '1 millisecond' END)
      LIMIT ${$.limit}
      FOR UPDATE SKIP LOCKED
    ), taken AS (
      UPDATE ${unfinishedTasks} u
      SET lease = ${NEXT_LEASE},
        lease_until = now() + ${$.leaseMs} * interval '1 millisecond'
      WHERE u.seq = ANY (ARRAY (SELECT seq FROM lost))
      RETURNING u.seq, u.lease, u.attempt, u.attempts_used, u.started_at, u.first_claimed_at, u.expires_at, u.queue
    )
    SELECT taken.seq, taken.lease, taken.attempt, taken.attempts_used, t.id, t.retry,
      (SELECT q.retry FROM ${queues} q WHERE q.name = taken.queue) AS queue_retry,
      extract(epoch FROM now() - taken.started_at)::float8 * 1000 AS since_claim_ms,
      extract(epoch FROM now() - taken.first_claimed_at)::float8 * 1000 AS since_first_claim_ms,
      extract(epoch FROM taken.expires_at - now())::float8 * 1000 AS expires_in_ms,
      EXISTS (SELECT FROM ${attempts} a
        WHERE a.seq = taken.seq AND a.attempt = taken.attempt - 1 AND a.outcome = 'lease-lost') AS previous_lease_lost
    FROM taken
    CROSS JOIN LATERAL (SELECT id, retry FROM ${tasks} WHERE seq = taken.seq LIMIT 1) t`,
);

/**
 * Which running tasks are lost: those whose lease ran out; every one, which is right only where nobody else can hold a
 * lease; or those that carry a scheduler's name but none of the leases it knows of, claims whose answer never came.
 */
export type LostLeases = 'expired' | 'every' | UnansweredClaims;

/**
 * The claims of one scheduler that it never heard of. Their leases are as the claim wrote them: one that was renewed was
 * heard of, and one that somebody else took over keeps the scheduler's name and is not its any more.
 */
export interface UnansweredClaims {
  readonly scheduler: string;
  /** Those that it did hear of. */
  readonly exceptLeases: readonly number[];
  /** Only what was claimed by then: a call that the database runs late must not take what was claimed after it. */
  readonly claimedUntil?: Date;
}

/** Takes over running tasks that nobody holds any more, at most `limit`. */
export async function takeOverLostLeases(
  database: Queryable,
  { limit, whose }: { limit: number; whose: LostLeases },
): Promise<LostAttempt[]> {
  const { scheduler, exceptLeases, claimedUntil } =
    typeof whose === 'object' ? whose : { scheduler: null, exceptLeases: [], claimedUntil: undefined };
  const everyLease = whose === 'every';
  const rows = await takeOverLostLeasesStatement(database, {
    everyLease,
    scheduler,
    exceptLeases,
    limit,
    leaseMs: LEASE_MS,
    claimedUntil: claimedUntil?.toISOString() ?? null,
  });
  return rows.map(toLostAttempt);
}

function toLostAttempt(row: Row): LostAttempt {
  return {
    seq: Number(row['seq']),
    lease: Number(row['lease']),
    id: row['id'] as string,
    attempt: Number(row['attempt']),
    attemptsUsed: Number(row['attempts_used']),
    sinceClaimMs: Number(row['since_claim_ms']),
    sinceFirstClaimMs: Number(row['since_first_claim_ms']),
    previousLeaseLost: row['previous_lease_lost'] === true,
    ...present({
      retry: readPolicy(row),
      expiresInMs: row['expires_in_ms'] as number | null,
    }),
  };
}

/** The task's policy over its queue's. One that cannot be read is as if it were absent: the task must end. */
function readPolicy(row: Row): Partial<RetryPolicy> {
  return { ...readJson(row['queue_retry']), ...readJson(row['retry']) };
}

function readJson(value: unknown): Partial<RetryPolicy> | null {
  try {
    return parseJson(value) as Partial<RetryPolicy> | null;
  } catch {
    return null;
  }
}
