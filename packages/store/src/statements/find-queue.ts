import { DEFAULT_WEIGHTS } from '@dispatchr/lifecycle';
import type { Queryable } from '../database/database.ts';
import { toQueueSettings } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import { LIVE_COUNTS, toLiveCounts } from '../live-counts.ts';
import type { QueueRecord } from '../queue-record.ts';
import { queues, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** Two scans, because each index holds either the parked tasks or the others. */
const findQueueStatement = defineStatement(
  'find-queue',
  'read',
  { name: 'text' },
  ($) => sql`
    SELECT counted.*, q.name IS NOT NULL AS has_settings, q.*
    FROM (
      SELECT ${LIVE_COUNTS} FROM (
        SELECT state, due_at FROM ${unfinishedTasks} WHERE queue = ${$.name} AND parked_for IS NULL
        UNION ALL
        SELECT state, due_at FROM ${unfinishedTasks} WHERE queue = ${$.name} AND parked_for IS NOT NULL
      ) unfinished
    ) counted
    LEFT JOIN ${queues} q ON q.name = ${$.name}`,
);

/** Finds a queue; undefined where a list of queues would not hold it. Spec: QUE-002. */
export async function findQueue(database: Queryable, name: string): Promise<QueueRecord | undefined> {
  const [row = {}] = await findQueueStatement(database, { name });
  const counts = toLiveCounts(row);
  const exists =
    row['has_settings'] === true || DEFAULT_WEIGHTS.has(name) || counts.pending + counts.running > 0;
  return exists ? { name, ...toQueueSettings(row), ...counts } : undefined;
}
