import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import {
  CONTENT_COLUMNS,
  JOIN_QUEUE_DEFAULTS,
  TASK_COLUMNS,
  toTaskContent,
  toTaskRecord,
} from '../decode-row.ts';
import { finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';
import type { TaskContent, TaskRecord } from '../task-record.ts';

const findTaskStatement = defineStatement(
  'find-task',
  'read',
  { id: 'text' },
  ($) => sql`
    SELECT ${sql.raw(TASK_COLUMNS)}, ${sql.raw(CONTENT_COLUMNS)}
    FROM ${tasks} t
    LEFT JOIN ${unfinishedTasks} u ON u.seq = t.seq
    LEFT JOIN ${finishedTasks} f ON f.seq = t.seq
    ${JOIN_QUEUE_DEFAULTS}
    WHERE t.id = ${$.id}`,
);

/** Finds a task by its id, with everything that the producer gave. */
export async function findTask(
  database: Queryable,
  id: string,
): Promise<{ task: TaskRecord; content: TaskContent } | undefined> {
  const [row] = await findTaskStatement(database, { id });
  return row && { task: toTaskRecord(row), content: toTaskContent(row) };
}
