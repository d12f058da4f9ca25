import { sql } from '../drizzle.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** Asks that a running task is not claimed again; no row means that its attempt ended meanwhile. */
export const requestCancel = defineStatement(
  'request-cancel',
  'read',
  { seq: 'int8' },
  ($) => sql`
    UPDATE ${unfinishedTasks} SET cancel_requested_at = coalesce(cancel_requested_at, now())
    WHERE seq = ${$.seq} AND state = ${STATE.running}
    RETURNING seq`,
);
