import {
  CLAIM_TYPES,
  claimValues,
  claimWithinLimits,
  isClaimable,
  isSameVersion,
  readOrSkip,
  toSinces,
  toSlices,
} from '../claim-parts.ts';
import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { defineStatement, unnest } from '../statement.ts';
import type { ClaimedTask, DueTasksClaim } from '../task-record.ts';

/**
 * Claims by equality on queue and priority, then by `due_at`: one range of the index a lane. Lanes are walked in the
 * given order and rows locked one by one, so that the limit around the lanes of a queue leaves the others untouched.
 * A lane is walked from where the look found its first task: rows that are gone and that an open transaction keeps from
 * being vacuumed lie before it. The update touches no indexed column and finds its rows by `= ANY`, and the wide row is fetched one by one:
 * joins on `seq` were seen to flip to plans a hundred times dearer.
 *
 * Where an origin's limit cuts, it cuts all queues alike: by the part of its quota that a queue has had.
 */
const claimDueTasksStatement = defineStatement(
  'claim-due-tasks',
  'claim',
  {
    queues: 'text[]',
    quotas: 'int4[]',
    versions: 'text[]',
    priorities: 'int4[]',
    sinces: 'timestamptz[]',
    firsts: 'int4[]',
    lasts: 'int4[]',
    ...CLAIM_TYPES,
  },
  ($) => sql`
    WITH due AS MATERIALIZED (
      SELECT picked.seq, picked.origin, picked.turn::float8 / share.quota AS part
      FROM ${unnest($.queues, $.quotas, $.versions, $.firsts, $.lasts)}
        AS share (queue, quota, version, first, last)
      CROSS JOIN LATERAL (
        SELECT next.*, row_number() OVER () AS turn
        FROM (
          SELECT found.*
          FROM (
            SELECT priority, since
            FROM unnest((${$.priorities})[share.first:share.last], (${$.sinces})[share.first:share.last])
              WITH ORDINALITY AS lane (priority, since, rank)
            WHERE ${isSameVersion}
            ORDER BY rank
          ) lane
          CROSS JOIN LATERAL (
            SELECT u.seq, u.origin FROM ${unfinishedTasks} u
            WHERE u.queue = share.queue AND u.priority = lane.priority AND u.due_at >= lane.since
              AND u.parked_for IS NULL AND ${isClaimable($)}
            ORDER BY u.due_at
            LIMIT share.quota
            FOR UPDATE SKIP LOCKED
          ) found
          LIMIT share.quota
        ) next
      ) picked
    ), placed AS (
      SELECT seq, origin, row_number() OVER (PARTITION BY origin ORDER BY part) AS place FROM due
    ), within_limits AS MATERIALIZED (
      SELECT placed.seq
      FROM placed LEFT JOIN ${unnest($.limitedOrigins, $.originLimits)} AS limited (origin, most) USING (origin)
      WHERE placed.place <= coalesce(limited.most, ${$.otherOriginLimit})
    ), ${claimWithinLimits($)}`,
);

/**
 * Claims due tasks for a scheduler, of each queue at most its quota, and none of a queue whose settings changed since
 * the look; the leases run for LEASE_MS. A row that cannot be read is left out; its lease runs out.
 */
export async function claimDueTasks(database: Queryable, claim: DueTasksClaim): Promise<ClaimedTask[]> {
  const { queues } = claim;
  const rows = await claimDueTasksStatement(database, {
    queues: queues.map(({ queue }) => queue),
    quotas: queues.map(({ quota }) => quota),
    versions: queues.map(({ version }) => version),
    ...toSlices(queues.map(({ priorities }) => priorities)),
    sinces: toSinces(queues),
    ...claimValues(claim),
  });
  return rows.flatMap((row) => readOrSkip(row));
}
