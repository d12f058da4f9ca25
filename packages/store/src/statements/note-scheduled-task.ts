import type { Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

const noteScheduledTaskStatement = defineStatement(
  'note-scheduled-task',
  'submit',
  { name: 'text', taskId: 'text', seq: 'int8', tickAt: 'timestamptz' },
  ($) => sql`
    UPDATE ${schedules}
    SET last_task_id = ${$.taskId}, last_seq = ${$.seq}, last_tick_at = coalesce(${$.tickAt}, last_tick_at)
    WHERE name = ${$.name}`,
);

/** Notes the last task of a schedule, whose row is locked; without `tickAt` it is one of a run. */
export async function noteScheduledTask(
  transaction: Queryable,
  name: string,
  last: { id: string; seq: number; tickAt?: Date },
): Promise<void> {
  await noteScheduledTaskStatement(transaction, {
    name,
    taskId: last.id,
    seq: last.seq,
    tickAt: last.tickAt?.toISOString() ?? null,
  });
}
