import { bigint, boolean, index, sql, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/** What is submitted by the clock: one row a schedule. */
export const schedules = dispatchr.table(
  'schedules',
  {
    name: textC('name').primaryKey(),
    cron: text('cron').notNull(),
    timeZone: text('time_zone').notNull(),
    missedTicks: text('missed_ticks').notNull(),
    overlap: text('overlap').notNull(),
    /** The JSON text of its task as it was sent. */
    source: text('source').notNull(),
    /** JSON of what a submit of that task would record. */
    task: text('task').notNull(),
    paused: boolean('paused').notNull().default(false),
    /** NULL while it is paused, and if no tick is to come. */
    nextTickAt: timestamp('next_tick_at', { withTimezone: true }),
    lastTickAt: timestamp('last_tick_at', { withTimezone: true }),
    lastTaskId: text('last_task_id'),
    lastSeq: bigint('last_seq', { mode: 'number' }),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
    /** Another with each write: what was decided by an older one is not written. */
    revision: bigint('revision', { mode: 'number' }).notNull().default(0),
  },
  (table) => [
    index('schedules_next_tick')
      .on(table.nextTickAt)
      .where(sql`next_tick_at IS NOT NULL`),
  ],
);
