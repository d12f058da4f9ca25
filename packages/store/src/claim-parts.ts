import type { RetryPolicy } from '@dispatchr/contract';
import { LEASE_MS } from '@dispatchr/lifecycle';
import type { Row } from './database/database.ts';
import { CONTENT_COLUMNS, parseJson, present, toTaskContent } from './decode-row.ts';
import { type SQL, sql } from './drizzle.ts';
import { NEXT_LEASE, queues, tasks, unfinishedTasks } from './schema/index.ts';
import { STATE } from './sql-states.ts';
import type { ClaimedTask, ClaimLimits } from './task-record.ts';

/** Parameters of every claim beside its shares. */
export const CLAIM_TYPES = {
  exceptOrigins: 'text[]',
  heldUrls: 'text[]',
  originsOfHeldUrls: 'text[]',
  limitedOrigins: 'text[]',
  originLimits: 'int4[]',
  otherOriginLimit: 'int4',
  scheduler: 'text',
  leaseMs: 'int4',
} as const;

type ClaimParameters = Record<keyof typeof CLAIM_TYPES, SQL>;

/** The values of {@link CLAIM_TYPES}. */
export function claimValues(claim: ClaimLimits & { readonly scheduler: string }) {
  const { exceptOrigins, heldOrigins = [], heldUrls = [], originLimits, otherOriginLimit, scheduler } = claim;
  return {
    exceptOrigins: [...exceptOrigins, ...heldOrigins],
    heldUrls: heldUrls.map(({ url }) => url),
    originsOfHeldUrls: heldUrls.map(({ origin }) => origin),
    limitedOrigins: originLimits.map(({ origin }) => origin),
    originLimits: originLimits.map(({ limit }) => limit),
    otherOriginLimit,
    scheduler,
    leaseMs: LEASE_MS,
  };
}

/**
 * Whether a row `u` of unfinished tasks may be claimed now. Whether arrays name an origin is asked in a way of which the
 * planner expects nothing: from `<> ALL` with arrays that it does not see it expects no row at all, and plans at each call.
 */
export const isClaimable = ($: ClaimParameters): SQL => sql`
  u.due_at <= now() AND u.state = ${STATE.pending} AND (u.expires_at IS NULL OR u.expires_at > now())
  AND coalesce(array_position(${$.exceptOrigins}, u.origin), 0) < 1
  AND (coalesce(array_position(${$.originsOfHeldUrls}, u.origin), 0) < 1
    OR (SELECT t.target FROM ${tasks} t WHERE t.seq = u.seq LIMIT 1) <> ALL (${$.heldUrls}))`;

/** Whether the settings of a share's queue are still those that the share was made for. */
export const isSameVersion = sql`
  share.version = coalesce((SELECT s.xmin::text FROM ${queues} s WHERE s.name = share.queue), '')`;

/** Claims the rows of `within_limits`, which has a column `seq`; with `gate`, an expression of the row `u`. */
export function claimWithinLimits($: ClaimParameters, gate?: SQL): SQL {
  return sql`claimed AS (
      UPDATE ${unfinishedTasks} u
      SET state = ${STATE.running}, attempt = u.attempt + 1, lease = ${NEXT_LEASE},
        lease_until = now() + ${$.leaseMs} * interval '1 millisecond', scheduler = ${$.scheduler},
        started_at = now(), first_claimed_at = coalesce(u.first_claimed_at, now())${gate && sql`, gate = ${gate}`}
      WHERE u.seq = ANY (ARRAY (SELECT seq FROM within_limits))
      RETURNING u.seq, u.lease, u.attempt, u.attempts_used, u.due_at, u.started_at, u.first_claimed_at, u.expires_at,
        u.origin, u.priority, u.gate, u.run_at
    )
    SELECT c.seq, c.lease, c.attempt, c.attempts_used, c.due_at, c.started_at, c.origin, c.priority, c.gate, c.run_at,
      extract(epoch FROM now() - c.first_claimed_at)::float8 * 1000 AS since_first_claim_ms,
      extract(epoch FROM c.expires_at - now())::float8 * 1000 AS expires_in_ms,
      t.*
    FROM claimed c
    CROSS JOIN LATERAL (
      SELECT t.id, t.target, t.task_name, t.queue, t.flow_key, t.timeout_ms, t.retry, ${sql.raw(CONTENT_COLUMNS)}
      FROM ${tasks} t WHERE t.seq = c.seq LIMIT 1
    ) t`;
}

/** The beginnings of lanes in the order of `toSlices`. */
export function toSinces(
  shares: readonly { readonly priorities: readonly number[]; readonly sinces?: readonly Date[] }[],
): string[] {
  return shares.flatMap(({ priorities, sinces }) =>
    priorities.map((_, index) => sinces?.[index]?.toISOString() ?? '-infinity'),
  );
}

/** An array of arrays needs equal lengths in SQL: one array of all, and where each begins and ends in it, from 1. */
export function toSlices(lists: readonly (readonly number[])[]) {
  const firsts: number[] = [];
  const lasts: number[] = [];
  let end = 0;
  for (const { length } of lists) {
    firsts.push(end + 1);
    lasts.push((end += length));
  }
  return { priorities: lists.flat(), firsts, lasts };
}

/** Reads a claimed row; none for one that cannot be read, so that it keeps no other from being delivered. */
export function readOrSkip(row: Row): ClaimedTask[] {
  try {
    return [toClaimedTask(row)];
  } catch {
    return [];
  }
}

function toClaimedTask(row: Row): ClaimedTask {
  return {
    seq: Number(row['seq']),
    lease: Number(row['lease']),
    id: row['id'] as string,
    target: row['target'] as string,
    origin: row['origin'] as string,
    queue: row['queue'] as string,
    flowKey: row['flow_key'] as string,
    priority: Number(row['priority']),
    attempt: Number(row['attempt']),
    attemptsUsed: Number(row['attempts_used']),
    dueAt: row['due_at'] as Date,
    claimedAt: row['started_at'] as Date,
    isGated: row['gate'] !== 0,
    isRun: row['run_at'] !== null,
    sinceFirstClaimMs: Number(row['since_first_claim_ms']),
    ...toTaskContent(row),
    ...present({
      taskName: row['task_name'] as string | null,
      timeoutMs: row['timeout_ms'] as number | null,
      retry: parseJson(row['retry']) as Partial<RetryPolicy> | null,
      expiresInMs: row['expires_in_ms'] as number | null,
    }),
  };
}
