import { sql } from '../drizzle.ts';
import { attempts, finishedTasks, tasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** Forgets a terminal task and its attempts; no row means that it was deleted or retried meanwhile. */
export const deleteFinishedTask = defineStatement(
  'delete-finished-task',
  'read',
  { seq: 'int8' },
  ($) => sql`
    WITH forgotten AS (
      DELETE FROM ${finishedTasks} WHERE seq = ${$.seq} RETURNING seq
    ), without_attempts AS (
      DELETE FROM ${attempts} a USING forgotten WHERE a.seq = forgotten.seq
    )
    DELETE FROM ${tasks} t USING forgotten WHERE t.seq = forgotten.seq
    RETURNING t.seq`,
);
