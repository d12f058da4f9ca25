import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedulers } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const noteSchedulerStatement = defineStatement(
  'note-scheduler',
  'claim',
  { id: 'text' },
  ($) => sql`
    WITH dead AS (
      DELETE FROM ${schedulers} WHERE seen_at < now() - interval '1 hour' AND id <> ${$.id}
    )
    INSERT INTO ${schedulers} (id, seen_at) VALUES (${$.id}, now())
    ON CONFLICT (id) DO UPDATE SET seen_at = now()`,
);

const forgetSchedulerStatement = defineStatement(
  'forget-scheduler',
  'claim',
  { id: 'text' },
  ($) => sql`DELETE FROM ${schedulers} WHERE id = ${$.id}`,
);

/** Writes down that a scheduler is alive, and forgets those that were not for an hour. */
export async function noteScheduler(database: Queryable, id: string): Promise<void> {
  await noteSchedulerStatement(database, { id });
}

/** A scheduler is alive no longer. */
export async function forgetScheduler(database: Queryable, id: string): Promise<void> {
  await forgetSchedulerStatement(database, { id });
}
