import { DEFAULT_WEIGHTS } from '@dispatchr/lifecycle';
import type { Queryable } from '../database/database.ts';
import { toQueueSettings } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import { LIVE_COUNTS, toLiveCounts } from '../live-counts.ts';
import type { NamedPageRequest, QueueRecord } from '../queue-record.ts';
import { queues, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** Counting reads every unfinished task anyway, so names and counts come from one pass. */
const listQueuesStatement = defineStatement(
  'list-queues',
  'read',
  { after: 'text', limit: 'int4', always: 'text[]' },
  ($) => sql`
    WITH counted AS MATERIALIZED (
      SELECT queue AS name, ${LIVE_COUNTS} FROM ${unfinishedTasks} WHERE queue > ${$.after} GROUP BY queue
    ), names AS (
      SELECT name FROM counted
      UNION SELECT name FROM ${queues} WHERE name > ${$.after}
      UNION SELECT name FROM unnest(${$.always}) AS always (name) WHERE name COLLATE "C" > ${$.after}
    )
    SELECT * FROM names LEFT JOIN ${queues} q USING (name) LEFT JOIN counted USING (name)
    ORDER BY name COLLATE "C"
    LIMIT ${$.limit}`,
);

/** Lists queues by name, those that exist without having been used among them. Spec: QUE-001. */
export async function listQueues(database: Queryable, page: NamedPageRequest): Promise<QueueRecord[]> {
  const rows = await listQueuesStatement(database, {
    after: page.after ?? '',
    limit: page.limit,
    always: [...DEFAULT_WEIGHTS.keys()],
  });
  return rows.map((row) => ({
    name: row['name'] as string,
    ...toQueueSettings(row),
    ...toLiveCounts(row),
  }));
}
