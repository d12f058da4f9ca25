import type { RetryPolicy } from '@dispatchr/contract';
import type { GateCount, Limits } from '@dispatchr/lifecycle';
import type { Row } from './database/database.ts';
import { parseJson, present } from './decode-row.ts';
import type { QueueSettings } from './queue-record.ts';

/** Reads a row of `queues`; every column is NULL where a queue has no row. */
export function toQueueSettings(row: Row): QueueSettings {
  const flowLimits = toLimits(row, 'flow_');
  return {
    paused: row['paused'] === true,
    ...toLimits(row),
    ...present({
      weight: row['weight'] as number | null,
      retry: parseJson(row['retry']) as Partial<RetryPolicy> | null,
      timeoutMs: row['timeout_ms'] as number | null,
      flowLimits: Object.keys(flowLimits).length > 0 ? flowLimits : null,
    }),
  };
}

/** Reads the columns of limits, whose names may have a prefix. */
export function toLimits(row: Row, prefix = ''): Limits {
  const perSecond = row[`${prefix}rate_per_second`] as number | null | undefined;
  const burst = row[`${prefix}rate_burst`] as number | null | undefined;
  return present({
    maxConcurrency: row[`${prefix}max_concurrency`] as number | null | undefined,
    rateLimit: perSecond === null || perSecond === undefined ? null : { perSecond, ...present({ burst }) },
  });
}

/** Reads what a gate has counted; undefined where there is no gate. */
export function toGateCount(row: Row): GateCount | undefined {
  const inFlight = row['in_flight'];
  if (inFlight === null || inFlight === undefined) return undefined;
  return { inFlight: Number(inFlight), tatInMs: Number(row['tat_in_ms']) };
}
