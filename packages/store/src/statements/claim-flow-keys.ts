import {
  CLAIM_TYPES,
  claimValues,
  claimWithinLimits,
  isClaimable,
  isSameVersion,
  readOrSkip,
  toSlices,
} from '../claim-parts.ts';
import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { gates, inTurns, unfinishedTasks } from '../schema/index.ts';
import { defineStatement, unnest } from '../statement.ts';
import type { ClaimedTask, FlowKeysClaim } from '../task-record.ts';

/**
 * Locks the gates, all in one order; what they leave decides how many rows are claimed, and is counted in the same
 * commit. A gate without a row lets nothing through. Rows are locked after the gates and never waited for.
 *
 * Inside a queue the flow keys have turns: the first task of each, then the second of each. Where an origin's limit
 * cuts, it cuts all queues alike: by the part of its quota that a queue has had. Ranges of whole rows keep to the index of
 * turns: by equality the index of due tasks seems as good to the planner, and reads past every other flow key.
 */
const claimFlowKeysStatement = defineStatement(
  'claim-flow-keys',
  'claim',
  {
    queues: 'text[]',
    queueNumbers: 'int4[]',
    flowKeys: 'text[]',
    quotas: 'int4[]',
    queueQuotas: 'int4[]',
    versions: 'text[]',
    priorities: 'int4[]',
    firsts: 'int4[]',
    lasts: 'int4[]',
    runs: 'int8[]',
    gateQueues: 'text[]',
    gateFlowKeys: 'text[]',
    gateConcurrencies: 'int4[]',
    gateIntervalsMs: 'float8[]',
    gateCapacities: 'int4[]',
    ...CLAIM_TYPES,
  },
  ($) => sql`
    WITH gate AS MATERIALIZED (
      SELECT asked.*, CASE WHEN locked.in_flight IS NULL THEN 0 ELSE greatest(0, least(
          asked.most - locked.in_flight,
          floor(asked.capacity + 1e-6
            - greatest(0, extract(epoch FROM locked.tat - now())::float8 * 1000) / asked.interval_ms))) END AS room
      FROM (
        SELECT * FROM ${unnest($.gateQueues, $.gateFlowKeys, $.gateConcurrencies, $.gateIntervalsMs, $.gateCapacities)} AS asked (queue, flow_key, most, interval_ms, capacity)
        ORDER BY queue COLLATE "C", flow_key COLLATE "C"
      ) asked
      LEFT JOIN LATERAL (
        SELECT in_flight, tat FROM ${gates} WHERE queue = asked.queue AND flow_key = asked.flow_key FOR UPDATE
      ) locked ON true
    ), due AS MATERIALIZED (
      SELECT picked.seq, picked.origin, picked.turn, share.queue, share.flow_key, share.queue_number, share.queue_quota
      FROM ${unnest($.queues, $.queueNumbers, $.flowKeys, $.quotas, $.queueQuotas, $.versions, $.firsts, $.lasts)} AS share (queue, queue_number, flow_key, quota, queue_quota, version, first, last)
      LEFT JOIN gate of_key ON of_key.queue = share.queue AND of_key.flow_key = share.flow_key
      CROSS JOIN LATERAL (
        SELECT next.*, row_number() OVER () AS turn
        FROM (
          (SELECT found.*
          FROM (
            SELECT priority
            FROM unnest((${$.priorities})[share.first:share.last]) WITH ORDINALITY AS lane (priority, rank)
            WHERE cardinality(${$.runs}) = 0 AND ${isSameVersion}
            ORDER BY rank
          ) lane
          CROSS JOIN LATERAL (
            SELECT u.seq, u.origin FROM ${unfinishedTasks} u
            WHERE u.queue = share.queue
              AND (u.flow_key, u.priority, u.due_at) >= (share.flow_key, lane.priority, '-infinity'::timestamptz)
              AND (u.flow_key, u.priority, u.due_at) <= (share.flow_key, lane.priority, now())
              AND ${inTurns('u')} AND ${isClaimable($)}
            ORDER BY u.flow_key, u.priority, u.due_at
            LIMIT share.quota
            FOR UPDATE SKIP LOCKED
          ) found
          LIMIT share.quota)
          UNION ALL
          SELECT run.seq, run.origin
          FROM ${unnest($.runs)} AS asked (seq) CROSS JOIN LATERAL (
            SELECT u.seq, u.origin FROM ${unfinishedTasks} u
            WHERE u.seq = asked.seq AND u.queue = share.queue AND u.flow_key = share.flow_key
              AND u.run_at IS NOT NULL AND ${isClaimable($)} AND ${isSameVersion}
            FOR UPDATE SKIP LOCKED
          ) run
        ) next
      ) picked
      WHERE picked.turn <= coalesce(of_key.room, picked.turn)
    ), in_turns AS (
      SELECT due.*, row_number() OVER (PARTITION BY queue_number ORDER BY turn) AS place FROM due
    ), placed AS (
      SELECT in_turns.*,
        row_number() OVER (PARTITION BY origin ORDER BY in_turns.place::float8 / queue_quota) AS place_of_origin
      FROM in_turns LEFT JOIN gate of_queue ON of_queue.queue = in_turns.queue AND of_queue.flow_key = ''
      WHERE in_turns.place <= coalesce(of_queue.room, in_turns.place)
    ), within_limits AS MATERIALIZED (
      SELECT placed.seq, placed.queue, placed.flow_key
      FROM placed LEFT JOIN ${unnest($.limitedOrigins, $.originLimits)} AS limited (origin, most) USING (origin)
      WHERE placed.place_of_origin <= coalesce(limited.most, ${$.otherOriginLimit})
    ), passed AS (
      SELECT gate.queue, gate.flow_key, gate.most, gate.interval_ms, count(*)::int4 AS tasks
      FROM gate JOIN within_limits w ON w.queue = gate.queue AND gate.flow_key IN ('', w.flow_key)
      GROUP BY gate.queue, gate.flow_key, gate.most, gate.interval_ms
    ), counted AS (
      UPDATE ${gates} g
      SET in_flight = g.in_flight + CASE WHEN passed.most IS NULL THEN 0 ELSE passed.tasks END,
        tat = CASE WHEN passed.interval_ms IS NULL THEN g.tat
          ELSE greatest(g.tat, now()) + passed.tasks * passed.interval_ms * interval '1 millisecond' END
      FROM passed WHERE g.queue = passed.queue AND g.flow_key = passed.flow_key
    ), ${claimWithinLimits(
      $,
      sql`
        CASE WHEN u.queue IN (SELECT queue FROM gate WHERE flow_key = '' AND most IS NOT NULL) THEN 1 ELSE 0 END
        + CASE WHEN (u.queue, u.flow_key) IN (SELECT queue, flow_key FROM gate WHERE flow_key <> '' AND most IS NOT NULL)
          THEN 2 ELSE 0 END`,
    )}`,
);

/**
 * Claims due tasks for a scheduler by flow keys, of each at most its quota and what its gate and its queue's leave;
 * none of a queue whose settings changed since the look. A row that cannot be read is left out; its lease runs out.
 */
export async function claimFlowKeys(database: Queryable, claim: FlowKeysClaim): Promise<ClaimedTask[]> {
  const { shares, gates: asked } = claim;
  const numbers = new Map(
    [...new Set(shares.map(({ queue }) => queue))].map((queue, number) => [queue, number]),
  );
  const rows = await claimFlowKeysStatement(database, {
    queues: shares.map(({ queue }) => queue),
    // Compared by number in the statement: names are ten times dearer to sort.
    queueNumbers: shares.map(({ queue }) => numbers.get(queue) ?? 0),
    flowKeys: shares.map(({ flowKey }) => flowKey),
    quotas: shares.map(({ quota }) => quota),
    queueQuotas: shares.map(({ queueQuota }) => queueQuota),
    versions: shares.map(({ version }) => version),
    ...toSlices(shares.map(({ priorities }) => priorities)),
    runs: claim.runs ?? [],
    gateQueues: asked.map(({ queue }) => queue),
    gateFlowKeys: asked.map(({ flowKey }) => flowKey),
    gateConcurrencies: asked.map(({ maxConcurrency }) => maxConcurrency ?? null),
    gateIntervalsMs: asked.map(({ rate }) => rate?.intervalMs ?? null),
    gateCapacities: asked.map(({ rate }) => rate?.capacity ?? null),
    ...claimValues(claim),
  });
  return rows.flatMap((row) => readOrSkip(row));
}
