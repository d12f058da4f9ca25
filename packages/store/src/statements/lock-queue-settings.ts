import type { Queryable } from '../database/database.ts';
import { toQueueSettings } from '../decode-limits.ts';
import { sql } from '../drizzle.ts';
import type { QueueSettings } from '../queue-record.ts';
import { queues } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const lockQueueSettingsStatement = defineStatement(
  'lock-queue-settings',
  'read',
  { name: 'text' },
  ($) => sql`
    INSERT INTO ${queues} AS q (name) VALUES (${$.name})
    ON CONFLICT (name) DO UPDATE SET name = q.name
    RETURNING q.*`,
);

/**
 * Locks the settings of a queue until the transaction ends, and answers with them; makes them if there are none. The row
 * gets a new version even if nothing of it changes, so that claims that were prepared before claim nothing.
 */
export async function lockQueueSettings(database: Queryable, name: string): Promise<QueueSettings> {
  const [row = {}] = await lockQueueSettingsStatement(database, { name });
  return toQueueSettings(row);
}
