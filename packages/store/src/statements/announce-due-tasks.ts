import { sql } from '../drizzle.ts';
import { defineStatement } from '../statement.ts';

/** The channel on which schedulers hear that something is due. */
export const DUE_CHANNEL = 'dispatchr_due';

/**
 * Tells every listening scheduler that something is due; the payload says who tells. A hint may be lost, so its commit
 * does not wait for the disk, and holds the lock that notifying transactions share for a moment only.
 */
export const announceDueTasks = defineStatement(
  'announce-due-tasks',
  'claim',
  { origin: 'text' },
  ($) => sql`
    SELECT set_config('synchronous_commit', 'off', true), pg_notify(${sql.raw(`'${DUE_CHANNEL}'`)}, ${$.origin})`,
);
