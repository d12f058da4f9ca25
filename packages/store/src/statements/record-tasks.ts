import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { JOIN_QUEUE_DEFAULTS, present, QUEUE_DEFAULT_COLUMNS, toQueueDefaults } from '../decode-row.ts';
import type { QueueDefaults } from '../queue-record.ts';
import { tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement, nullIfEmpty } from '../statement.ts';
import type { NewTask } from '../task-record.ts';

/** What the database decided about a task that it recorded. */
export interface Recorded {
  readonly seq: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
  /** What its queue gives it at the moment; absent where that is nothing. */
  readonly queueDefaults?: QueueDefaults;
}

const recordTasksStatement = defineStatement(
  'record-tasks',
  'submit',
  {
    ids: 'text[]',
    idempotencyKeys: 'text[]',
    fingerprints: 'text[]',
    targets: 'text[]',
    origins: 'text[]',
    taskNames: 'text[]',
    taskArgs: 'text[]',
    requests: 'text[]',
    headers: 'text[]',
    queues: 'text[]',
    flowKeys: 'text[]',
    priorities: 'int4[]',
    dueAts: 'timestamptz[]',
    delaysMs: 'int8[]',
    expiresAts: 'timestamptz[]',
    timeoutsMs: 'int4[]',
    retries: 'text[]',
    traceparents: 'text[]',
    tracestates: 'text[]',
  },
  ($) => sql`
    WITH input AS MATERIALIZED (
      SELECT * FROM unnest(${$.ids}, ${$.idempotencyKeys}, ${$.fingerprints}, ${$.targets}, ${$.origins},
        ${$.taskNames}, ${$.taskArgs}, ${$.requests}, ${$.headers}, ${$.queues}, ${$.flowKeys}, ${$.priorities},
        ${$.dueAts}, ${$.delaysMs}, ${$.expiresAts}, ${$.timeoutsMs}, ${$.retries}, ${$.traceparents},
        ${$.tracestates})
      AS input (id, idempotency_key, fingerprint, target, origin, task_name, task_args, request, headers, queue,
        flow_key, priority, due_at, delay_ms, expires_at, timeout_ms, retry, traceparent, tracestate)
    ), recorded AS (
      INSERT INTO ${tasks} (id, idempotency_key, fingerprint, target, task_name, task_args, request, headers,
        queue, flow_key, priority, due_at, expires_at, timeout_ms, retry, traceparent, tracestate, created_at)
      SELECT id, idempotency_key, fingerprint, target, task_name, task_args, request, headers,
        queue, flow_key, priority, coalesce(due_at, now()) + coalesce(delay_ms, 0) * interval '1 millisecond',
        expires_at, timeout_ms, retry, traceparent, tracestate, now()
      FROM input
      ON CONFLICT DO NOTHING
      RETURNING seq, id, target, queue, flow_key, priority, due_at, expires_at, created_at
    ), waiting AS (
      INSERT INTO ${unfinishedTasks} (seq, queue, flow_key, origin, priority, due_at, expires_at, state)
      SELECT seq, queue, flow_key, origin, priority, due_at, expires_at, ${STATE.pending}
      FROM recorded JOIN (SELECT DISTINCT target, origin FROM input) origins USING (target)
    )
    SELECT t.seq, t.id, t.created_at, t.due_at, ${sql.raw(QUEUE_DEFAULT_COLUMNS)}
    FROM recorded t
    ${JOIN_QUEUE_DEFAULTS}`,
);

/**
 * Records tasks in one statement and so in one commit; answers by id with those that were not there before.
 * A task whose id or idempotency key is taken is left out of the answer and changes nothing.
 */
export async function recordTasks(
  database: Queryable,
  newTasks: readonly NewTask[],
): Promise<Map<string, Recorded>> {
  const rows = await recordTasksStatement(database, toColumns(inLockOrder(newTasks)));
  return new Map(
    rows.map((row) => [
      row['id'] as string,
      {
        seq: Number(row['seq']),
        createdAt: row['created_at'] as Date,
        dueAt: row['due_at'] as Date,
        ...present({ queueDefaults: toQueueDefaults(row) }),
      },
    ]),
  );
}

/** Two statements that insert the same ids or keys in different orders would wait for each other: one order for all. */
function inLockOrder(newTasks: readonly NewTask[]): readonly NewTask[] {
  const unique = (task: NewTask) => task.idempotencyKey ?? task.id;
  return newTasks.toSorted((a, b) => (unique(a) < unique(b) ? -1 : unique(a) > unique(b) ? 1 : 0));
}

function toColumns(newTasks: readonly NewTask[]) {
  const column = <T>(pick: (task: NewTask) => T | undefined) =>
    nullIfEmpty(newTasks.map((task) => pick(task) ?? null));
  const json = (value: object | undefined) => (value === undefined ? undefined : JSON.stringify(value));
  return {
    ids: column((task) => task.id),
    idempotencyKeys: column((task) => task.idempotencyKey),
    fingerprints: column((task) => task.fingerprint),
    targets: column((task) => task.target),
    origins: column((task) => task.origin),
    taskNames: column((task) => task.taskName),
    taskArgs: column((task) => task.taskArgs),
    requests: column((task) => json(task.request)),
    headers: column((task) => json(task.headers)),
    queues: column((task) => task.queue),
    flowKeys: column((task) => task.flowKey),
    priorities: column((task) => task.priority),
    dueAts: column((task) => task.dueAt),
    delaysMs: column((task) => task.delayMs),
    expiresAts: column((task) => task.expiresAt),
    timeoutsMs: column((task) => task.timeoutMs),
    retries: column((task) => json(task.retry)),
    traceparents: column((task) => task.traceparent),
    tracestates: column((task) => task.tracestate),
  };
}
