import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { gates, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

const countInQueueStatement = defineStatement(
  'count-running-tasks-in-queue',
  'read',
  { queue: 'text' },
  ($) => sql`
    WITH counted AS (
      UPDATE ${unfinishedTasks} SET gate = gate | 1
      WHERE queue = ${$.queue} AND state = ${STATE.running} AND gate & 1 = 0
      RETURNING seq
    )
    INSERT INTO ${gates} AS g (queue, flow_key, in_flight)
    SELECT ${$.queue}, '', count(*)::int4 FROM counted
    ON CONFLICT (queue, flow_key) DO UPDATE SET in_flight = g.in_flight + excluded.in_flight`,
);

const countInFlowKeysStatement = defineStatement(
  'count-running-tasks-in-flow-keys',
  'read',
  { queue: 'text', flowKey: 'text' },
  ($) => sql`
    WITH counted AS (
      UPDATE ${unfinishedTasks} SET gate = gate | 2
      WHERE queue = ${$.queue} AND flow_key = coalesce(${$.flowKey}, flow_key) AND state = ${STATE.running}
        AND gate & 2 = 0
      RETURNING flow_key
    )
    INSERT INTO ${gates} AS g (queue, flow_key, in_flight)
    SELECT ${$.queue}, flow_key, count(*)::int4 FROM counted GROUP BY flow_key ORDER BY flow_key
    ON CONFLICT (queue, flow_key) DO UPDATE SET in_flight = g.in_flight + excluded.in_flight`,
);

/** Counts the running tasks of a queue in its gate that are not counted there yet. Only while claims are stopped. */
export async function countRunningInQueue(database: Queryable, queue: string): Promise<void> {
  await countInQueueStatement(database, { queue });
}

/** The same in the gates of the queue's flow keys, or of one of them. */
export async function countRunningInFlowKeys(
  database: Queryable,
  queue: string,
  flowKey?: string,
): Promise<void> {
  await countInFlowKeysStatement(database, { queue, flowKey: flowKey ?? null });
}
