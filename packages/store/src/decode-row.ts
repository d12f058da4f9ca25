import type { RetryPolicy, TaskReason, TaskState } from '@dispatchr/contract';
import type { Row } from './database/database.ts';
import { sql } from './drizzle.ts';
import type { QueueDefaults } from './queue-record.ts';
import { queues } from './schema/index.ts';
import type { RequestTemplate, TaskContent, TaskRecord } from './task-record.ts';

/** Columns of what the queue of a task gives it where the submission left the member out; `q` as it is joined below. */
export const QUEUE_DEFAULT_COLUMNS = 'q.retry AS queue_retry, q.timeout_ms AS queue_timeout_ms';

/** Joins `q` to the task `t`, row by row: a hash of all queues would lose the order of `t`, which lists keep. */
export const JOIN_QUEUE_DEFAULTS = sql`
    LEFT JOIN LATERAL (SELECT retry, timeout_ms FROM ${queues} WHERE name = t.queue LIMIT 1) q ON true`;

/**
 * Columns of a task as every answer shows it; `t` is `tasks`, `u` its unfinished row, `f` its finished row,
 * of which exactly one exists, and `q` what its queue gives it.
 */
export const TASK_COLUMNS = `
  t.seq, t.id, t.target, t.task_name, t.queue, t.flow_key, t.priority, t.expires_at, t.timeout_ms, t.retry,
  t.created_at, coalesce(u.state, f.state) AS state, f.reason, coalesce(u.due_at, f.due_at) AS due_at,
  coalesce(u.attempt, f.attempt) AS attempt, coalesce(u.attempts_used, f.attempts_used) AS attempts_used,
  coalesce(u.started_at, f.started_at) AS started_at, f.finished_at,
  coalesce(u.cancel_requested_at, f.cancel_requested_at) AS cancel_requested_at,
  ${QUEUE_DEFAULT_COLUMNS}`;

/** Columns of what the producer gave beside that. */
export const CONTENT_COLUMNS = `
  t.task_args, t.request, t.headers, t.idempotency_key, t.traceparent, t.tracestate`;

/** Reads the columns of {@link TASK_COLUMNS}. */
export function toTaskRecord(row: Row): TaskRecord {
  return {
    seq: Number(row['seq']),
    id: row['id'] as string,
    state: row['state'] as TaskState,
    target: row['target'] as string,
    queue: row['queue'] as string,
    flowKey: row['flow_key'] as string,
    priority: Number(row['priority']),
    dueAt: row['due_at'] as Date,
    createdAt: row['created_at'] as Date,
    attempt: Number(row['attempt']),
    attemptsUsed: Number(row['attempts_used']),
    ...present({
      reason: row['reason'] as TaskReason | null,
      taskName: row['task_name'] as string | null,
      expiresAt: row['expires_at'] as Date | null,
      timeoutMs: row['timeout_ms'] as number | null,
      retry: parseJson(row['retry']) as Partial<RetryPolicy> | null,
      startedAt: row['started_at'] as Date | null,
      finishedAt: row['finished_at'] as Date | null,
      cancelRequestedAt: row['cancel_requested_at'] as Date | null,
      queueDefaults: toQueueDefaults(row),
    }),
  };
}

/** Reads {@link QUEUE_DEFAULT_COLUMNS}; undefined where the queue gives nothing. */
export function toQueueDefaults(row: Row): QueueDefaults | undefined {
  if ((row['queue_retry'] ?? row['queue_timeout_ms'] ?? null) === null) return undefined;
  return present({
    retry: parseJson(row['queue_retry']) as Partial<RetryPolicy> | null,
    timeoutMs: row['queue_timeout_ms'] as number | null,
  });
}

/** Reads the columns of {@link CONTENT_COLUMNS}. */
export function toTaskContent(row: Row): TaskContent {
  return present({
    taskArgs: row['task_args'] as string | null,
    request: parseJson(row['request']) as RequestTemplate | null,
    headers: parseJson(row['headers']) as Record<string, string> | null,
    idempotencyKey: row['idempotency_key'] as string | null,
    traceparent: row['traceparent'] as string | null,
    tracestate: row['tracestate'] as string | null,
  });
}

/** Leaves out the members that are NULL in the database: absent is absent, never null. */
export function present<T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const found: Partial<Record<string, unknown>> = {};
  for (const name of Object.keys(members)) {
    const value: unknown = members[name as keyof T];
    if (value !== null && value !== undefined) found[name] = value;
  }
  return found as { [K in keyof T]?: NonNullable<T[K]> };
}

/** Reads a column that holds JSON as text. */
export function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : null;
}
