import { sql } from '../drizzle.ts';
import { defineStatement } from '../statement.ts';

/** The channel on which schedulers hear that something is due. */
export const DUE_CHANNEL = 'dispatchr_due';

/** Tells every listening scheduler that something is due; the payload says who tells. */
export const announceDueTasks = defineStatement(
  'announce-due-tasks',
  'claim',
  { origin: 'text' },
  ($) => sql`SELECT pg_notify(${sql.raw(`'${DUE_CHANNEL}'`)}, ${$.origin})`,
);
