import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const limitWaitForLocks = defineStatement(
  'limit-wait-for-locks',
  'read',
  { waitMs: 'text', idleMs: 'text' },
  ($) => sql`
    SELECT set_config('lock_timeout', ${$.waitMs}, true),
      set_config('idle_in_transaction_session_timeout', ${$.idleMs}, true)`,
);

const lockUnfinishedTasks = defineStatement(
  'lock-unfinished-tasks',
  'read',
  {},
  () => sql`LOCK TABLE ${unfinishedTasks} IN SHARE ROW EXCLUSIVE MODE`,
);

/**
 * Milliseconds without a statement after which the transaction is ended, as a recorder that was cut off cannot say so: nobody
 * claims while it holds its locks.
 */
const IDLE_MS = 2000;

/** Has the transaction wait for no lock any longer than this. */
export async function limitLockWait(database: Queryable, waitMs: number): Promise<void> {
  await limitWaitForLocks(database, { waitMs: `${waitMs}ms`, idleMs: `${IDLE_MS}ms` });
}

/** Waits for the claims and settles that are under way, and holds up new ones until the transaction ends. */
export async function stopClaims(database: Queryable): Promise<void> {
  await lockUnfinishedTasks(database, {});
}
