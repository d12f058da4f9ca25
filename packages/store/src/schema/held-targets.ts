import { bigint, index, integer, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/** What is not delivered to for now: an origin, or a single URL of one. A healthy origin has no row. */
export const heldTargets = dispatchr.table(
  'held_targets',
  {
    /** The origin, or the URL. */
    key: textC('key').primaryKey(),
    origin: textC('origin').notNull(),
    /** `held-back`, and of origins alone `circuit-open` or `returning`. */
    state: text('state').notNull(),
    since: timestamp('since', { withTimezone: true }).notNull(),
    /** The end of a hold-back, or when the next probe may be sent. */
    until: timestamp('until', { withTimezone: true }).notNull(),
    failures: integer('failures').notNull().default(0),
    /** Probes that failed since the circuit opened; the pause between two grows with them. */
    probes: integer('probes').notNull().default(0),
    /** The number of the probe that was taken and has not ended: whoever has it alone may end it. */
    probe: bigint('probe', { mode: 'number' }),
    lastError: text('last_error'),
  },
  (table) => [index('held_targets_origin').on(table.origin)],
);
