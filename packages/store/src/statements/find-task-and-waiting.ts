import { waitingOf, type HeldFacts, type WaitingFacts } from '@dispatchr/lifecycle';
import type { Queryable, Row } from '../database/database.ts';
import { toGateCount, toLimits } from '../decode-limits.ts';
import {
  CONTENT_COLUMNS,
  JOIN_QUEUE_DEFAULTS,
  present,
  TASK_COLUMNS,
  toTaskContent,
  toTaskRecord,
} from '../decode-row.ts';
import { sql, type SQL } from '../drizzle.ts';
import {
  finishedTasks,
  flowKeys,
  gates,
  heldTargets,
  inTurns,
  queues,
  schedulers,
  tasks,
  unfinishedTasks,
} from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { FoundTask, TaskRecord, TaskWaiting } from '../task-record.ts';

/** Milliseconds since a scheduler last wrote that it lives, three times what it takes for that. Spec: WHY-005. */
const ALIVE_WITHIN_MS = 15_000;

/** How far `before` is counted; of a limit that it cannot read the planner expects a tenth of all. Spec: WHY-004. */
const MOST_BEFORE = sql`(SELECT 10000)`;

/** The flow key's lane of a priority up to an instant, in the order of the index of turns. */
const laneUntil = (priority: SQL, until: SQL) => sql`
          SELECT FROM ${unfinishedTasks} o
          WHERE o.queue = u.queue AND ${inTurns('o')} AND o.state = ${STATE.pending}
            AND (o.flow_key, o.priority, o.due_at) >= (u.flow_key, ${priority}, '-infinity'::timestamptz)
            AND (o.flow_key, o.priority, o.due_at) <= (u.flow_key, ${priority}, ${until})
            AND (o.priority > u.priority OR (o.due_at, o.seq) < (u.due_at, u.seq))
          ORDER BY o.flow_key, o.priority, o.due_at LIMIT ${MOST_BEFORE}`;

/** The next priority of the flow key of `u`, above another; its neighbour in the index may be of the next flow key. */
const priorityAbove = (priority: SQL) => sql`
          SELECT above.priority FROM (
            SELECT o.flow_key, o.priority FROM ${unfinishedTasks} o
            WHERE o.queue = u.queue AND ${inTurns('o')}
              AND (o.flow_key, o.priority) > (u.flow_key, ${priority})
            ORDER BY o.flow_key, o.priority LIMIT 1
          ) above WHERE above.flow_key = u.flow_key`;

/**
 * Counts the due tasks ahead of `u`: those of its priority that were due before, then those of each higher priority,
 * hop by hop, so that what is not due costs nothing. Only the index of turns has the order of the row comparisons,
 * and a tenth of it is cheaper than any sort: so no statistics make the planner read a whole lane.
 */
const BEFORE = sql`(
        WITH RECURSIVE higher AS (
          (${priorityAbove(sql`u.priority`)})
          UNION ALL
          SELECT next.priority FROM higher CROSS JOIN LATERAL (${priorityAbove(sql`higher.priority`)}) next
        )
        SELECT count(*) FROM (
          (${laneUntil(sql`u.priority`, sql`u.due_at`)})
          UNION ALL
          SELECT FROM higher CROSS JOIN LATERAL (${laneUntil(sql`higher.priority`, sql`now()`)}
          ) due
          LIMIT ${MOST_BEFORE}
        ) ahead
      )`;

const inMs = (instant: string) => sql.raw(`extract(epoch FROM ${instant} - now())::float8 * 1000`);

/** One statement, so that the task and what it waits for are of one moment; only a pending task has them looked up. */
const findTaskAndWaitingStatement = defineStatement(
  'find-task-and-waiting',
  'read',
  { id: 'text' },
  ($) => sql`
    SELECT ${sql.raw(TASK_COLUMNS)}, ${sql.raw(CONTENT_COLUMNS)}, waiting.*
    FROM ${tasks} t
    LEFT JOIN ${unfinishedTasks} u ON u.seq = t.seq
    LEFT JOIN ${finishedTasks} f ON f.seq = t.seq
    ${JOIN_QUEUE_DEFAULTS}
    LEFT JOIN LATERAL (
      SELECT extract(epoch FROM now())::float8 * 1000 AS now_ms, ${inMs('u.due_at')} AS due_in_ms,
        u.run_at IS NOT NULL AS is_run,
        EXISTS (SELECT FROM ${schedulers} WHERE seen_at > now() - ${sql.raw(String(ALIVE_WITHIN_MS))} * interval '1 ms')
          AS is_scheduler_alive,
        s.paused AS queue_paused, s.max_concurrency AS queue_max_concurrency,
        s.rate_per_second AS queue_rate_per_second, s.rate_burst AS queue_rate_burst,
        s.flow_max_concurrency, s.flow_rate_per_second, s.flow_rate_burst,
        k.max_concurrency AS key_max_concurrency, k.rate_per_second AS key_rate_per_second,
        k.rate_burst AS key_rate_burst,
        gq.in_flight AS queue_in_flight, ${inMs('gq.tat')} AS queue_tat_in_ms,
        gf.in_flight AS key_in_flight, ${inMs('gf.tat')} AS key_tat_in_ms,
        ho.state AS origin_state, ${inMs('ho.until')} AS origin_until_in_ms,
        hu.state AS url_state, ${inMs('hu.until')} AS url_until_in_ms,
        CASE WHEN u.due_at <= now() THEN ${BEFORE} ELSE 0 END AS before
      FROM (SELECT) task
      LEFT JOIN ${queues} s ON s.name = u.queue
      LEFT JOIN ${flowKeys} k ON k.queue = u.queue AND k.flow_key = u.flow_key
      LEFT JOIN ${gates} gq ON gq.queue = u.queue AND gq.flow_key = ''
      LEFT JOIN ${gates} gf ON gf.queue = u.queue AND gf.flow_key = u.flow_key
      LEFT JOIN ${heldTargets} ho ON ho.key = u.origin
      LEFT JOIN ${heldTargets} hu ON hu.key = t.target
      WHERE u.state = ${STATE.pending}
    ) waiting ON true
    WHERE t.id = ${$.id}`,
);

/** Finds a task by its id, with everything that the producer gave and, while it is pending, why it waits. */
export async function findTaskAndWaiting(database: Queryable, id: string): Promise<FoundTask | undefined> {
  const [row] = await findTaskAndWaitingStatement(database, { id });
  if (row === undefined) return undefined;
  const task = toTaskRecord(row);
  return {
    task,
    content: toTaskContent(row),
    ...(task.state === 'pending' && { waiting: toTaskWaiting(row, task) }),
  };
}

function toTaskWaiting(row: Row, { dueAt }: TaskRecord): TaskWaiting {
  const { reason, untilInMs, before } = waitingOf(toWaitingFacts(row));
  const until = untilInMs === undefined ? undefined : new Date(Math.ceil(Number(row['now_ms']) + untilInMs));
  return { reason, ...present({ until: reason === 'not-due' ? dueAt : until, before }) };
}

function toWaitingFacts(row: Row): WaitingFacts {
  return {
    dueInMs: Number(row['due_in_ms']),
    isRun: row['is_run'] === true,
    isSchedulerAlive: row['is_scheduler_alive'] === true,
    isQueuePaused: row['queue_paused'] === true,
    queueLimits: toLimits(row, 'queue_'),
    ownFlowLimits: toLimits(row, 'key_'),
    queueFlowLimits: toLimits(row, 'flow_'),
    before: Number(row['before']),
    ...present({
      heldOrigin: toHeldFacts(row, 'origin_'),
      heldUrl: toHeldFacts(row, 'url_'),
      queueCount: toGateCount({ in_flight: row['queue_in_flight'], tat_in_ms: row['queue_tat_in_ms'] }),
      flowCount: toGateCount({ in_flight: row['key_in_flight'], tat_in_ms: row['key_tat_in_ms'] }),
    }),
  };
}

function toHeldFacts(row: Row, prefix: string): HeldFacts | undefined {
  const state = row[`${prefix}state`] as HeldFacts['state'] | null | undefined;
  return state ? { state, untilInMs: Number(row[`${prefix}until_in_ms`]) } : undefined;
}
