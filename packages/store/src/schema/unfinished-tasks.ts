import { bigint, index, integer, smallint, type SQL, sql, text, timestamp } from '../drizzle.ts';
import { dispatchr } from './tasks.ts';
import { textC } from './text-c.ts';

/** Numbers each claim: a lease number is never used twice, so it alone proves who holds a task. */
export const leaseNumbers = dispatchr.sequence('lease_numbers', { cache: 100 });

/**
 * Whether a row is not parked, in the words of the index of turns. The index of due tasks says the same in
 * other words, so that a query names the index that it means: to the planner either seems as good, and then it reads every
 * other flow key of the queue.
 */
export const inTurns = (row: 'u' | 'o'): SQL => sql.raw(`coalesce(${row}.parked_for, '') = ''`);

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
    /** Which gates count it while it runs: 1 its queue's, 2 its flow key's, 3 both. */
    gate: smallint('gate').notNull().default(0),
    /** The key of the held target that it waits for: out of the way of claims until that is let go. */
    parkedFor: textC('parked_for'),
    /** When an operator asked to run it now, past a pause, a rate or a hold-back. */
    runAt: timestamp('run_at', { withTimezone: true }),
  },
  (table) => [
    index('unfinished_tasks_due')
      .on(table.queue, table.priority, table.dueAt)
      .where(sql`parked_for IS NULL`),
    // In the order in which one flow key of a queue is served: claims that take flow keys in turn walk it.
    index('unfinished_tasks_turns')
      .on(table.queue, table.flowKey, table.priority, table.dueAt)
      .where(sql`coalesce(parked_for, '') = ''`),
    index('unfinished_tasks_parked')
      .on(table.parkedFor, table.dueAt)
      .where(sql`parked_for IS NOT NULL`),
    index('unfinished_tasks_run')
      .on(table.runAt)
      .where(sql`run_at IS NOT NULL`),
    index('unfinished_tasks_expiry')
      .on(table.expiresAt)
      .where(sql`expires_at IS NOT NULL`),
  ],
);
