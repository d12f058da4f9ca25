import { integer, primaryKey, sql, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/**
 * What limits count, over all schedulers: one row a queue with limits (flow key '') and one a flow key with limits.
 *
 * A claim locks the rows of its limits, lets through what they leave, and adds it; the settle takes it off again. A
 * count under a lock would read the snapshot from before the lock: only the locked row itself is up to date.
 */
export const gates = dispatchr.table(
  'gates',
  {
    queue: textC('queue').notNull(),
    flowKey: textC('flow_key').notNull(),
    /** Running tasks that carry the gate's bit in `unfinished_tasks.gate`: always exactly so many. */
    inFlight: integer('in_flight').notNull().default(0),
    /** The theoretical arrival time of the generic cell rate algorithm. */
    tat: timestamp('tat', { withTimezone: true })
      .notNull()
      .default(sql`'1970-01-01 00:00:00+00'`),
  },
  (table) => [primaryKey({ columns: [table.queue, table.flowKey] })],
);
