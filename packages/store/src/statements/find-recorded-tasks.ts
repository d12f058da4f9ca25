import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { JOIN_QUEUE_DEFAULTS, TASK_COLUMNS, toTaskRecord } from '../decode-row.ts';
import { finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';
import type { TaskRecord } from '../task-record.ts';

/** A task that has an identity a producer chose. */
export interface IdentifiedTask {
  readonly task: TaskRecord;
  readonly fingerprint: string | undefined;
  readonly idempotencyKey: string | undefined;
}

const findRecordedTasksStatement = defineStatement(
  'find-recorded-tasks',
  'submit',
  { ids: 'text[]', idempotencyKeys: 'text[]' },
  ($) => sql`
    SELECT ${sql.raw(TASK_COLUMNS)}, t.fingerprint, t.idempotency_key
    FROM ${tasks} t
    LEFT JOIN ${unfinishedTasks} u ON u.seq = t.seq
    LEFT JOIN ${finishedTasks} f ON f.seq = t.seq
    ${JOIN_QUEUE_DEFAULTS}
    WHERE t.id = ANY (${$.ids}) OR t.idempotency_key = ANY (${$.idempotencyKeys})`,
);

/** Finds the tasks that hold an id or an idempotency key, to compare their content. */
export async function findRecordedTasks(
  database: Queryable,
  identities: { ids: readonly string[]; idempotencyKeys: readonly string[] },
): Promise<IdentifiedTask[]> {
  const rows = await findRecordedTasksStatement(database, identities);
  return rows.map((row) => ({
    task: toTaskRecord(row),
    fingerprint: (row['fingerprint'] as string | null) ?? undefined,
    idempotencyKey: (row['idempotency_key'] as string | null) ?? undefined,
  }));
}
