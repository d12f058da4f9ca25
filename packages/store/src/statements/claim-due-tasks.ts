import type { RetryPolicy } from '@dispatchr/contract';
import { LEASE_MS } from '@dispatchr/lifecycle';
import { sql } from '../drizzle.ts';
import type { Queryable, Row } from '../database/database.ts';
import { CONTENT_COLUMNS, parseJson, present, toTaskContent } from '../decode-row.ts';
import { NEXT_LEASE, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { ClaimedTask, DueTasksClaim } from '../task-record.ts';

/**
 * Claims by equality on queue and priority, then by `due_at`: one range of the index a lane. Lanes are walked in the
 * given order and rows locked one by one, so that the limit around the lanes of a queue leaves the others untouched.
 * The update touches no indexed column and finds its rows by `= ANY`, and the wide row is fetched one by one:
 * joins on `seq` were seen to flip to plans a hundred times dearer.
 */
const claimDueTasksStatement = defineStatement(
  'claim-due-tasks',
  'claim',
  {
    queues: 'text[]',
    quotas: 'int4[]',
    priorities: 'int4[]',
    firsts: 'int4[]',
    lasts: 'int4[]',
    exceptOrigins: 'text[]',
    limitedOrigins: 'text[]',
    originLimits: 'int4[]',
    otherOriginLimit: 'int4',
    scheduler: 'text',
    leaseMs: 'int4',
  },
  ($) => sql`
    WITH due AS MATERIALIZED (
      SELECT picked.seq, picked.origin,
        row_number() OVER (PARTITION BY picked.origin ORDER BY picked.priority DESC, picked.due_at) AS place
      FROM unnest(${$.queues}, ${$.quotas}, ${$.firsts}, ${$.lasts}) AS share (queue, quota, first, last)
      CROSS JOIN LATERAL (
        SELECT found.*
        FROM (
          SELECT priority FROM unnest((${$.priorities})[share.first:share.last]) WITH ORDINALITY AS lane (priority, rank)
          ORDER BY rank
        ) lane
        CROSS JOIN LATERAL (
          SELECT u.seq, u.origin, u.priority, u.due_at FROM ${unfinishedTasks} u
          WHERE u.queue = share.queue AND u.priority = lane.priority AND u.due_at <= now()
            AND u.state = ${STATE.pending} AND (u.expires_at IS NULL OR u.expires_at > now())
            AND u.origin <> ALL (${$.exceptOrigins})
          ORDER BY u.due_at
          LIMIT share.quota
          FOR UPDATE SKIP LOCKED
        ) found
        LIMIT share.quota
      ) picked
    ), within_limits AS MATERIALIZED (
      SELECT due.seq
      FROM due LEFT JOIN unnest(${$.limitedOrigins}, ${$.originLimits}) AS limited (origin, most) USING (origin)
      WHERE due.place <= coalesce(limited.most, ${$.otherOriginLimit})
    ), claimed AS (
      UPDATE ${unfinishedTasks} u
      SET state = ${STATE.running}, attempt = u.attempt + 1, lease = ${NEXT_LEASE},
        lease_until = now() + ${$.leaseMs} * interval '1 millisecond', scheduler = ${$.scheduler},
        started_at = now(), first_claimed_at = coalesce(u.first_claimed_at, now())
      WHERE u.seq = ANY (ARRAY (SELECT seq FROM within_limits))
      RETURNING u.seq, u.lease, u.attempt, u.attempts_used, u.due_at, u.started_at, u.first_claimed_at, u.expires_at,
        u.origin, u.priority
    )
    SELECT c.seq, c.lease, c.attempt, c.attempts_used, c.due_at, c.started_at, c.origin, c.priority,
      extract(epoch FROM now() - c.first_claimed_at)::float8 * 1000 AS since_first_claim_ms,
      extract(epoch FROM c.expires_at - now())::float8 * 1000 AS expires_in_ms,
      t.*
    FROM claimed c
    CROSS JOIN LATERAL (
      SELECT t.id, t.target, t.task_name, t.queue, t.flow_key, t.timeout_ms, t.retry, ${sql.raw(CONTENT_COLUMNS)}
      FROM ${tasks} t WHERE t.seq = c.seq LIMIT 1
    ) t`,
);

/**
 * Claims due tasks for a scheduler, of each queue at most its quota; the leases run for {@link LEASE_MS}.
 * A row that cannot be read is left out, so that it keeps no other from being delivered; its lease runs out.
 */
export async function claimDueTasks(
  database: Queryable,
  { queues, scheduler, exceptOrigins, originLimits, otherOriginLimit }: DueTasksClaim,
): Promise<ClaimedTask[]> {
  const rows = await claimDueTasksStatement(database, {
    queues: queues.map(({ queue }) => queue),
    quotas: queues.map(({ quota }) => quota),
    ...toSlices(queues.map(({ priorities }) => priorities)),
    exceptOrigins,
    limitedOrigins: originLimits.map(({ origin }) => origin),
    originLimits: originLimits.map(({ limit }) => limit),
    otherOriginLimit,
    scheduler,
    leaseMs: LEASE_MS,
  });
  return rows.flatMap((row) => readOrSkip(row));
}

/** An array of arrays needs equal lengths in SQL: one array of all, and where each begins and ends in it, from 1. */
function toSlices(lists: readonly (readonly number[])[]) {
  const firsts: number[] = [];
  const lasts: number[] = [];
  let end = 0;
  for (const { length } of lists) {
    firsts.push(end + 1);
    lasts.push((end += length));
  }
  return { priorities: lists.flat(), firsts, lasts };
}

function readOrSkip(row: Row): ClaimedTask[] {
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
