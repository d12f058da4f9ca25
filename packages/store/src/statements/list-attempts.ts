import type { AttemptOutcome, ErrorCode } from '@dispatchr/contract';
import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { present } from '../decode-row.ts';
import { attempts, tasks } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';
import type { AttemptRecord } from '../task-record.ts';

const listAttemptsStatement = defineStatement(
  'list-attempts',
  'read',
  { id: 'text', after: 'int4', limit: 'int4' },
  ($) => sql`
    SELECT a.*
    FROM ${tasks} t
    LEFT JOIN LATERAL (
      SELECT * FROM ${attempts} WHERE seq = t.seq AND attempt > ${$.after} ORDER BY attempt LIMIT ${$.limit}
    ) a ON true
    WHERE t.id = ${$.id}
    ORDER BY a.attempt`,
);

/** Lists a task's ended attempts, oldest first; undefined when there is no such task. */
export async function listAttempts(
  database: Queryable,
  id: string,
  page: { limit: number; after?: number },
): Promise<AttemptRecord[] | undefined> {
  const rows = await listAttemptsStatement(database, { id, after: page.after ?? 0, limit: page.limit });
  if (rows.length === 0) return undefined;
  // A task without attempts is one row of NULLs.
  return rows.filter((row) => row['attempt'] !== null).map(toAttemptRecord);
}

function toAttemptRecord(row: Record<string, unknown>): AttemptRecord {
  return {
    attempt: Number(row['attempt']),
    scheduler: row['scheduler'] as string,
    startedAt: row['started_at'] as Date,
    endedAt: row['ended_at'] as Date,
    durationMs: Number(row['duration_ms']),
    outcome: row['outcome'] as AttemptOutcome,
    ...present({
      status: row['status'] as number | null,
      errorCode: row['error_code'] as ErrorCode | null,
      errorMessage: row['error_message'] as string | null,
      responseBody: row['response_body'] as string | null,
    }),
  };
}
