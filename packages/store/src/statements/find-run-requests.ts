import type { Queryable, Row } from '../database/database.ts';
import { toGateCount, toLimits, toQueueSettings } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import { flowKeys, gates, queues, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { RunRequest } from '../task-record.ts';

const findRunRequestsStatement = defineStatement(
  'find-run-requests',
  'claim',
  { limit: 'int4' },
  ($) => sql`
    SELECT u.seq, u.queue, u.flow_key, u.priority, q.xmin::text AS version, q.paused, q.weight, q.max_concurrency,
      q.rate_per_second, q.rate_burst, q.flow_max_concurrency, q.flow_rate_per_second, q.flow_rate_burst, q.retry,
      q.timeout_ms, g.in_flight, extract(epoch FROM g.tat - now())::float8 * 1000 AS tat_in_ms,
      k.max_concurrency AS key_max_concurrency, k.rate_per_second AS key_rate_per_second,
      k.rate_burst AS key_rate_burst, f.in_flight AS key_in_flight
    FROM (
      SELECT seq, queue, flow_key, priority FROM ${unfinishedTasks}
      WHERE run_at IS NOT NULL AND state = ${STATE.pending}
      ORDER BY run_at
      LIMIT ${$.limit}
    ) u
    LEFT JOIN ${queues} q ON q.name = u.queue
    LEFT JOIN ${flowKeys} k ON k.queue = u.queue AND k.flow_key = u.flow_key
    LEFT JOIN ${gates} g ON g.queue = u.queue AND g.flow_key = ''
    LEFT JOIN ${gates} f ON f.queue = u.queue AND f.flow_key = u.flow_key`,
);

/** Finds pending tasks that an operator asked to run, the earliest asked first, with what counts for them now. */
export async function findRunRequests(
  database: Queryable,
  { limit }: { limit: number },
): Promise<RunRequest[]> {
  return (await findRunRequestsStatement(database, { limit })).map(toRunRequest);
}

function toRunRequest(row: Row): RunRequest {
  return {
    seq: Number(row['seq']),
    queue: row['queue'] as string,
    flowKey: row['flow_key'] as string,
    priorities: [Number(row['priority'])],
    version: (row['version'] as string | null) ?? '',
    settings: toQueueSettings(row),
    count: toGateCount(row),
    hasLimitedFlowKeys: true,
    ownLimits: toLimits(row, 'key_'),
    flowCount: toGateCount({ in_flight: row['key_in_flight'], tat_in_ms: 0 }),
  };
}
