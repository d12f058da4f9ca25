import { bigint, index, integer, pgSchema, sql, text, timestamp, uniqueIndex } from '../drizzle.ts';
import { textC } from './text-c.ts';

/** Everything of Dispatchr lives in a schema of its own, beside the user's tables. */
export const dispatchr = pgSchema('dispatchr');

/**
 * What was asked: one row a task, written at the submit and hardly ever after.
 *
 * What the producer left out is NULL and resolved when it is needed, so that settings stay live.
 * `task_args`, `request`, `headers` and `retry` hold JSON as text: `jsonb` would alter arguments, refuses some,
 * and a new member of a policy needs no migration.
 */
export const tasks = dispatchr.table(
  'tasks',
  {
    seq: bigint('seq', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    id: textC('id').notNull(),
    idempotencyKey: textC('idempotency_key'),
    fingerprint: text('fingerprint'),
    target: text('target').notNull(),
    taskName: text('task_name'),
    taskArgs: text('task_args'),
    request: text('request'),
    headers: text('headers'),
    queue: textC('queue').notNull(),
    flowKey: textC('flow_key').notNull(),
    priority: integer('priority').notNull(),
    dueAt: timestamp('due_at', { withTimezone: true }).notNull(),
    expiresAt: timestamp('expires_at', { withTimezone: true }),
    timeoutMs: integer('timeout_ms'),
    retry: text('retry'),
    traceparent: text('traceparent'),
    tracestate: text('tracestate'),
    createdAt: timestamp('created_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    uniqueIndex('tasks_id').on(table.id),
    uniqueIndex('tasks_idempotency_key')
      .on(table.idempotencyKey)
      .where(sql`idempotency_key IS NOT NULL`),
    index('tasks_queue').on(table.queue, table.seq),
    // A block range index costs a submit next to nothing, and tasks are stored in the order of their creation.
    index('tasks_created').using('brin', table.createdAt),
  ],
);
