import { toSinces, toSlices } from '../claim-parts.ts';
import type { Queryable, Row } from '../database/database.ts';
import { toGateCount, toLimits } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import { groupBy } from '../group-by.ts';
import { flowKeys, gates, inTurns, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement, unnest } from '../statement.ts';
import type { DueFlowKey } from '../task-record.ts';

/** Where to look for flow keys: so many of one queue, from the first behind a given one. */
export interface FlowKeySearch {
  readonly queue: string;
  /** Of its due tasks. */
  readonly priorities: readonly number[];
  /** Where to begin in each of these lanes; at their heads if left out. */
  readonly sinces?: readonly Date[];
  /** Only keys behind this one; '' for the first. */
  readonly after: string;
  /** Most keys to look at, 1 or more. */
  readonly most: number;
}

/** What was found in one queue. */
export interface FlowKeysFound {
  readonly queue: string;
  /** Keys with a task due now, in their order. */
  readonly flowKeys: readonly DueFlowKey[];
  /** The last key that was looked at; absent when there is none behind it. */
  readonly last?: string;
}

/**
 * Hops from flow key to flow key over the index of turns: its cost grows with the keys looked at, not with the tasks.
 * Ranges of whole rows keep to that index: by equality the index of due tasks seems as good, and reads every other key.
 */
const findDueFlowKeysStatement = defineStatement(
  'find-due-flow-keys',
  'claim',
  {
    queues: 'text[]',
    afters: 'text[]',
    mosts: 'int4[]',
    priorities: 'int4[]',
    sinces: 'timestamptz[]',
    firsts: 'int4[]',
    lasts: 'int4[]',
  },
  ($) => sql`
    WITH RECURSIVE search AS MATERIALIZED (
      SELECT * FROM ${unnest($.queues, $.afters, $.mosts, $.firsts, $.lasts)}
        AS search (queue, after, most, first, last)
    ), hops AS (
      SELECT search.*, start.flow_key, 1 AS hop
      FROM search CROSS JOIN LATERAL (
        SELECT u.flow_key FROM ${unfinishedTasks} u
        WHERE u.queue = search.queue AND u.flow_key > search.after AND ${inTurns('u')}
        ORDER BY u.flow_key LIMIT 1
      ) start
      UNION ALL
      SELECT hops.queue, hops.after, hops.most, hops.first, hops.last, next.flow_key, hops.hop + 1
      FROM hops CROSS JOIN LATERAL (
        SELECT u.flow_key FROM ${unfinishedTasks} u
        WHERE u.queue = hops.queue AND u.flow_key > hops.flow_key AND ${inTurns('u')}
        ORDER BY u.flow_key LIMIT 1
      ) next
      WHERE hops.hop < hops.most
    )
    SELECT hops.queue, hops.flow_key, hops.hop, due.is_due, k.max_concurrency, k.rate_per_second, k.rate_burst,
      g.in_flight, extract(epoch FROM g.tat - now())::float8 * 1000 AS tat_in_ms
    FROM hops
    LEFT JOIN LATERAL (
      SELECT true AS is_due
      FROM unnest((${$.priorities})[hops.first:hops.last], (${$.sinces})[hops.first:hops.last])
        AS lane (priority, since)
      CROSS JOIN LATERAL (
        SELECT FROM ${unfinishedTasks} u
        WHERE u.queue = hops.queue
          AND (u.flow_key, u.priority, u.due_at) >= (hops.flow_key, lane.priority, lane.since)
          AND (u.flow_key, u.priority, u.due_at) <= (hops.flow_key, lane.priority, now())
          AND ${inTurns('u')} AND u.state = ${STATE.pending} AND (u.expires_at IS NULL OR u.expires_at > now())
        ORDER BY u.flow_key, u.priority, u.due_at LIMIT 1
      ) found
      LIMIT 1
    ) due ON true
    LEFT JOIN LATERAL (
      SELECT * FROM ${flowKeys} k WHERE k.queue = hops.queue AND k.flow_key = hops.flow_key LIMIT 1
    ) k ON true
    LEFT JOIN LATERAL (
      SELECT in_flight, tat FROM ${gates} g WHERE g.queue = hops.queue AND g.flow_key = hops.flow_key LIMIT 1
    ) g ON true
    ORDER BY hops.queue, hops.hop`,
);

/** Finds flow keys that have a task to claim, with what counts for them now; one answer for each search. */
export async function findDueFlowKeys(
  database: Queryable,
  searches: readonly FlowKeySearch[],
): Promise<FlowKeysFound[]> {
  const rows = await findDueFlowKeysStatement(database, {
    queues: searches.map(({ queue }) => queue),
    afters: searches.map(({ after }) => after),
    mosts: searches.map(({ most }) => most),
    ...toSlices(searches.map(({ priorities }) => priorities)),
    sinces: toSinces(searches),
  });
  const byQueue = groupBy(rows, (row) => row['queue'] as string);
  return searches.map(({ queue, most }) => {
    const looked = byQueue.get(queue) ?? [];
    const last = looked.at(-1);
    return {
      queue,
      flowKeys: looked.filter((row) => row['is_due'] === true).map((row) => toDueFlowKey(row)),
      ...(last !== undefined && Number(last['hop']) >= most && { last: last['flow_key'] as string }),
    };
  });
}

function toDueFlowKey(row: Row): DueFlowKey {
  return {
    queue: row['queue'] as string,
    flowKey: row['flow_key'] as string,
    ownLimits: toLimits(row),
    count: toGateCount(row),
  };
}
