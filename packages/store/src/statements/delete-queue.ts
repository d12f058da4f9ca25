import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { flowKeys, gates, queues, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const deleteQueueStatement = defineStatement(
  'delete-queue',
  'read',
  { name: 'text' },
  ($) => sql`
    WITH unfinished AS MATERIALIZED (
      SELECT count(*)::int4 AS tasks FROM (
        SELECT FROM ${unfinishedTasks} WHERE queue = ${$.name} AND parked_for IS NULL
        UNION ALL
        SELECT FROM ${unfinishedTasks} WHERE queue = ${$.name} AND parked_for IS NOT NULL
      ) found
    ), settings AS (
      DELETE FROM ${queues} WHERE name = ${$.name} AND (SELECT tasks FROM unfinished) = 0 RETURNING name
    ), of_flow_keys AS (
      DELETE FROM ${flowKeys} WHERE queue = ${$.name} AND (SELECT tasks FROM unfinished) = 0
    ), idle AS MATERIALIZED (
      SELECT flow_key FROM ${gates}
      WHERE queue = ${$.name} AND in_flight = 0 AND (SELECT tasks FROM unfinished) = 0
      ORDER BY queue, flow_key
      FOR UPDATE
    ), without_gates AS (
      DELETE FROM ${gates} g USING idle WHERE g.queue = ${$.name} AND g.flow_key = idle.flow_key
    )
    SELECT tasks, EXISTS (SELECT FROM settings) AS had_settings FROM unfinished`,
);

const lockQueueStatement = defineStatement(
  'lock-queue',
  'read',
  { name: 'text' },
  ($) => sql`SELECT FROM ${queues} WHERE name = ${$.name} FOR UPDATE`,
);

/** Waits for changes of a queue that are under way, and holds up new ones until the transaction ends. */
export async function lockQueue(database: Queryable, name: string): Promise<void> {
  await lockQueueStatement(database, { name });
}

/**
 * Forgets what was set of a queue without unfinished tasks, and of its flow keys. A task that is recorded meanwhile finds
 * the settings there or gone, and a gate that counts it stays.
 */
export async function deleteQueueSettings(
  database: Queryable,
  name: string,
): Promise<{ unfinished: number; hadSettings: boolean }> {
  const [row] = await deleteQueueStatement(database, { name });
  return { unfinished: Number(row?.['tasks']), hadSettings: row?.['had_settings'] === true };
}
