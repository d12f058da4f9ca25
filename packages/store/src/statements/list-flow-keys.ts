import { flowLimitsOf } from '@dispatchr/lifecycle';
import type { Queryable, Row } from '../database/database.ts';
import { toLimits } from '../decode-limits.ts';
import { type SQL, sql } from '../drizzle.ts';
import { LIVE_COUNTS, toLiveCounts } from '../live-counts.ts';
import type { FlowKeyRecord, NamedPageRequest } from '../queue-record.ts';
import { flowKeys, inTurns, queues, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/**
 * What is there of the keys in `names`, in their order. Parked tasks are in no index by flow key: `parked` has them.
 * Asked for in order, the others come by the index of turns whatever the statistics say.
 */
const states = (queue: SQL): SQL => sql`
    SELECT names.flow_key, coalesce(waiting.pending, 0) + coalesce(kept.pending, 0) AS pending,
      coalesce(waiting.due, 0) + coalesce(kept.due, 0) AS due,
      coalesce(waiting.running, 0) + coalesce(kept.running, 0) AS running,
      least(waiting.oldest_due_at, kept.oldest_due_at) AS oldest_due_at,
      k.max_concurrency, k.rate_per_second, k.rate_burst,
      q.flow_max_concurrency, q.flow_rate_per_second, q.flow_rate_burst
    FROM names
    LEFT JOIN ${flowKeys} k ON k.queue = ${queue} AND k.flow_key = names.flow_key
    LEFT JOIN ${queues} q ON q.name = ${queue}
    LEFT JOIN LATERAL (
      SELECT ${LIVE_COUNTS} FROM (
        SELECT u.state, u.due_at FROM ${unfinishedTasks} u
        WHERE u.queue = ${queue} AND u.flow_key >= names.flow_key AND u.flow_key <= names.flow_key
          AND ${inTurns('u')}
        ORDER BY u.flow_key
        LIMIT 2147483647
      ) of_key
    ) waiting ON true
    LEFT JOIN (
      SELECT flow_key, ${LIVE_COUNTS} FROM parked
      WHERE flow_key <= (SELECT max(flow_key) FROM names)
      GROUP BY flow_key
    ) kept ON kept.flow_key = names.flow_key
    ORDER BY names.flow_key`;

/** Hops from key to key over the index of turns: a page costs its own keys and tasks, however many others there are. */
const listFlowKeysStatement = defineStatement(
  'list-flow-keys',
  'read',
  { queue: 'text', after: 'text', limit: 'int4' },
  ($) => sql`
    WITH RECURSIVE hops AS (
      (SELECT u.flow_key, 1 AS hop FROM ${unfinishedTasks} u
        WHERE u.queue = ${$.queue} AND u.flow_key > ${$.after} AND ${inTurns('u')}
        ORDER BY u.flow_key LIMIT 1)
      UNION ALL
      SELECT next.flow_key, hops.hop + 1
      FROM hops CROSS JOIN LATERAL (
        SELECT u.flow_key FROM ${unfinishedTasks} u
        WHERE u.queue = ${$.queue} AND u.flow_key > hops.flow_key AND ${inTurns('u')}
        ORDER BY u.flow_key LIMIT 1
      ) next
      WHERE hops.hop < ${$.limit}
    ), parked AS MATERIALIZED (
      SELECT flow_key, state, due_at FROM ${unfinishedTasks}
      WHERE queue = ${$.queue} AND flow_key > ${$.after} AND parked_for IS NOT NULL
    ), names AS MATERIALIZED (
      SELECT flow_key FROM hops
      UNION SELECT flow_key FROM parked
      UNION SELECT flow_key FROM ${flowKeys} WHERE queue = ${$.queue} AND flow_key > ${$.after}
      ORDER BY flow_key
      LIMIT ${$.limit}
    )
    ${states($.queue)}`,
);

const findFlowKeyStatement = defineStatement(
  'find-flow-key',
  'read',
  { queue: 'text', flowKey: 'text' },
  ($) => sql`
    WITH names AS (
      SELECT ${$.flowKey} COLLATE "C" AS flow_key
    ), parked AS MATERIALIZED (
      SELECT flow_key, state, due_at FROM ${unfinishedTasks}
      WHERE queue = ${$.queue} AND flow_key = ${$.flowKey} AND parked_for IS NOT NULL
    )
    ${states($.queue)}`,
);

/** Lists the flow keys of a queue by code point. Spec: FLO-001. */
export async function listFlowKeys(
  database: Queryable,
  queue: string,
  { limit, after = '' }: NamedPageRequest,
): Promise<FlowKeyRecord[]> {
  return (await listFlowKeysStatement(database, { queue, after, limit })).map(toFlowKey);
}

/** Finds one flow key, whether or not there is anything of it. */
export async function findFlowKey(
  database: Queryable,
  queue: string,
  flowKey: string,
): Promise<FlowKeyRecord> {
  const [row = { flow_key: flowKey }] = await findFlowKeyStatement(database, { queue, flowKey });
  return toFlowKey(row);
}

function toFlowKey(row: Row): FlowKeyRecord {
  return {
    flowKey: row['flow_key'] as string,
    ...flowLimitsOf(toLimits(row), toLimits(row, 'flow_')),
    ...toLiveCounts(row),
  };
}
