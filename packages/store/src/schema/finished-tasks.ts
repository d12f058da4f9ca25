import { bigint, index, integer, sql, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';

/** How it ended: one row a completed, failed or cancelled task, kept for the retention time. */
export const finishedTasks = dispatchr.table(
  'finished_tasks',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    state: text('state').notNull(),
    reason: text('reason'),
    attempt: integer('attempt').notNull(),
    attemptsUsed: integer('attempts_used').notNull(),
    dueAt: timestamp('due_at', { withTimezone: true }).notNull(),
    startedAt: timestamp('started_at', { withTimezone: true }),
    cancelRequestedAt: timestamp('cancel_requested_at', { withTimezone: true }),
    finishedAt: timestamp('finished_at', { withTimezone: true }).notNull(),
  },
  // Two partial indexes instead of one: each retention time prunes from the head of its own.
  (table) => [
    index('finished_tasks_completed')
      .on(table.finishedAt)
      .where(sql`state = 'completed'`),
    index('finished_tasks_other')
      .on(table.finishedAt)
      .where(sql`state <> 'completed'`),
    // Lists of what failed walk this one; completed tasks, which are most, pay nothing for it.
    index('finished_tasks_other_seq')
      .on(table.seq)
      .where(sql`state <> 'completed'`),
  ],
);
