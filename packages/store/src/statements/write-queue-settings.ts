import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import type { QueueSettings } from '../queue-record.ts';
import { queues } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const writeQueueSettingsStatement = defineStatement(
  'write-queue-settings',
  'read',
  {
    name: 'text',
    weight: 'int4',
    paused: 'bool',
    maxConcurrency: 'int4',
    ratePerSecond: 'float8',
    rateBurst: 'int4',
    flowMaxConcurrency: 'int4',
    flowRatePerSecond: 'float8',
    flowRateBurst: 'int4',
    retry: 'text',
    timeoutMs: 'int4',
  },
  ($) => sql`
    UPDATE ${queues}
    SET weight = ${$.weight}, paused = ${$.paused}, max_concurrency = ${$.maxConcurrency},
      rate_per_second = ${$.ratePerSecond}, rate_burst = ${$.rateBurst},
      flow_max_concurrency = ${$.flowMaxConcurrency}, flow_rate_per_second = ${$.flowRatePerSecond},
      flow_rate_burst = ${$.flowRateBurst}, retry = ${$.retry}, timeout_ms = ${$.timeoutMs}
    WHERE name = ${$.name}`,
);

/** Writes all settings of a queue, whose row is locked. */
export async function writeQueueSettings(
  database: Queryable,
  name: string,
  settings: QueueSettings,
): Promise<void> {
  const { weight, paused, maxConcurrency, rateLimit, flowLimits, retry, timeoutMs } = settings;
  await writeQueueSettingsStatement(database, {
    name,
    weight: weight ?? null,
    paused,
    maxConcurrency: maxConcurrency ?? null,
    ratePerSecond: rateLimit?.perSecond ?? null,
    rateBurst: rateLimit?.burst ?? null,
    flowMaxConcurrency: flowLimits?.maxConcurrency ?? null,
    flowRatePerSecond: flowLimits?.rateLimit?.perSecond ?? null,
    flowRateBurst: flowLimits?.rateLimit?.burst ?? null,
    retry: retry === undefined ? null : JSON.stringify(retry),
    timeoutMs: timeoutMs ?? null,
  });
}
