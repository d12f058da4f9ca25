import { boolean, doublePrecision, integer, primaryKey, text } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/** What an operator set of a queue: one row a queue with settings of its own. NULL is the default. */
export const queues = dispatchr.table('queues', {
  name: textC('name').primaryKey(),
  weight: integer('weight'),
  paused: boolean('paused').notNull().default(false),
  maxConcurrency: integer('max_concurrency'),
  ratePerSecond: doublePrecision('rate_per_second'),
  rateBurst: integer('rate_burst'),
  /** Of each flow key that has no limit of its own. */
  flowMaxConcurrency: integer('flow_max_concurrency'),
  flowRatePerSecond: doublePrecision('flow_rate_per_second'),
  flowRateBurst: integer('flow_rate_burst'),
  /** JSON as text, like `tasks.retry`. */
  retry: text('retry'),
  timeoutMs: integer('timeout_ms'),
});

/** What an operator set of a flow key: one row a flow key with limits of its own. */
export const flowKeys = dispatchr.table(
  'flow_keys',
  {
    queue: textC('queue').notNull(),
    flowKey: textC('flow_key').notNull(),
    maxConcurrency: integer('max_concurrency'),
    ratePerSecond: doublePrecision('rate_per_second'),
    rateBurst: integer('rate_burst'),
  },
  (table) => [primaryKey({ columns: [table.queue, table.flowKey] })],
);
