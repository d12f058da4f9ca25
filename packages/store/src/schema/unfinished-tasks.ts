import { bigint, index, integer, sql, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/** Numbers each claim: a lease number is never used twice, so it alone proves who holds a task. */
export const leaseNumbers = dispatchr.sequence('lease_numbers', { cache: 100 });

/** The next lease number, in SQL. */
export const NEXT_LEASE = sql.raw(`nextval('${dispatchr.schemaName}.${leaseNumbers.seqName}')`);

/**
 * What is to be done: one narrow row a pending or running task, deleted when the task finishes.
 *
 * No index mentions a column that a claim or a renewal changes, so both are heap-only updates: running rows stay
 * in the index until they are settled. State and lease live in this one row, which every guarded write checks.
 */
export const unfinishedTasks = dispatchr.table(
  'unfinished_tasks',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey(),
    queue: textC('queue').notNull(),
    flowKey: textC('flow_key').notNull(),
    /** Of the target: claims leave out the origins that have enough attempts in hand. '' from an older recorder. */
    origin: textC('origin').notNull().default(''),
    priority: integer('priority').notNull(),
    dueAt: timestamp('due_at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    state: text('state').notNull(),
    attempt: integer('attempt').notNull().default(0),
    attemptsUsed: integer('attempts_used').notNull().default(0),
    lease: bigint('lease', { mode: 'number' }),
    leaseUntil: timestamp('lease_until', { withTimezone: true }),
    scheduler: text('scheduler'),
    startedAt: timestamp('started_at', { withTimezone: true }),
    firstClaimedAt: timestamp('first_claimed_at', { withTimezone: true }),
    cancelRequestedAt: timestamp('cancel_requested_at', { withTimezone: true }),
  },
  (table) => [
    index('unfinished_tasks_due').on(table.queue, table.priority, table.dueAt),
    index('unfinished_tasks_expiry')
      .on(table.expiresAt)
      .where(sql`expires_at IS NOT NULL`),
  ],
);
