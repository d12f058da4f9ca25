import type { Queryable } from '../database/database.ts';
import { JOIN_QUEUE_DEFAULTS, TASK_COLUMNS, toTaskRecord } from '../decode-row.ts';
import { sql } from '../drizzle.ts';
import { finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';
import type { TaskRecord } from '../task-record.ts';

const findAwaitedTasksStatement = defineStatement(
  'find-awaited-tasks',
  'submit',
  { seqs: 'int8[]', anyhow: 'int8[]' },
  ($) => sql`
    WITH awaited AS MATERIALIZED (
      SELECT seq FROM ${finishedTasks} WHERE seq = ANY (${$.seqs})
      UNION
      SELECT unnest(${$.anyhow})
    )
    SELECT ${sql.raw(TASK_COLUMNS)}
    FROM awaited
    CROSS JOIN LATERAL (SELECT * FROM ${tasks} WHERE seq = awaited.seq LIMIT 1) t
    LEFT JOIN LATERAL (SELECT * FROM ${unfinishedTasks} WHERE seq = awaited.seq LIMIT 1) u ON true
    LEFT JOIN LATERAL (SELECT * FROM ${finishedTasks} WHERE seq = awaited.seq LIMIT 1) f ON true
    ${JOIN_QUEUE_DEFAULTS}`,
);

/** Reads those of `seqs` that are finished, and those of `anyhow` in whatever state they are. */
export async function findAwaitedTasks(
  database: Queryable,
  awaited: { seqs: readonly number[]; anyhow: readonly number[] },
): Promise<TaskRecord[]> {
  return (await findAwaitedTasksStatement(database, awaited)).map((row) => toTaskRecord(row));
}
