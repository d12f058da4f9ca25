import { type SQL, sql } from '../drizzle.ts';
import type { Queryable, Row } from '../database/database.ts';
import { flowKeys, gates, queues, unfinishedTasks } from '../schema/index.ts';
import { groupBy } from '../group-by.ts';
import { toGateCount, toQueueSettings } from '../decode-limits.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement, unnest } from '../statement.ts';
import type { DueQueue, Lane } from '../task-record.ts';

/** Where something is due, and when more will be. */
export interface DueLanes {
  /** Queues with a task due now. */
  readonly queues: readonly DueQueue[];
  /** Every lane that was looked at, and where the next look at it may begin. */
  readonly lanes: readonly Lane[];
  /** Whether an operator asked for tasks to be run at once. */
  readonly hasRunRequests: boolean;
  /** Milliseconds until the next task that is not due yet; absent when none waits. */
  readonly nextDueInMs?: number;
  /** When the database was asked, by its own clock; absent when no task is unfinished. */
  readonly asOf?: Date;
}

/** What is asked of each of `lanes`; `since` is a condition on the row `u` that bounds where it is looked for. */
const lookAt = (since: SQL): SQL => sql`
    SELECT lanes.queue, lanes.priority,
      (SELECT u.due_at FROM ${unfinishedTasks} u
        WHERE u.queue = lanes.queue AND u.priority = lanes.priority AND u.due_at <= now() AND ${since}
          AND u.parked_for IS NULL
          AND u.state = ${STATE.pending} AND (u.expires_at IS NULL OR u.expires_at > now())
        ORDER BY u.due_at LIMIT 1) AS due_since,
      (SELECT extract(epoch FROM u.due_at - now()) * 1000 FROM ${unfinishedTasks} u
        WHERE u.queue = lanes.queue AND u.priority = lanes.priority AND u.due_at > now() AND u.parked_for IS NULL
        ORDER BY u.due_at LIMIT 1)::float8 AS next_due_in_ms,
      now() AS as_of,
      (SELECT true FROM ${unfinishedTasks} WHERE run_at IS NOT NULL AND state = ${STATE.pending}
        ORDER BY run_at LIMIT 1) AS has_run_requests,
      q.*, g.in_flight, extract(epoch FROM g.tat - now())::float8 * 1000 AS tat_in_ms
    FROM lanes
    LEFT JOIN LATERAL (
      SELECT s.*, s.xmin::text AS version,
        (SELECT true FROM ${flowKeys} k WHERE k.queue = s.name ORDER BY k.flow_key LIMIT 1) AS has_limited_flow_keys
      FROM ${queues} s WHERE s.name = lanes.queue LIMIT 1
    ) q ON true
    LEFT JOIN LATERAL (
      SELECT in_flight, tat FROM ${gates} WHERE queue = lanes.queue AND flow_key = '' LIMIT 1
    ) g ON true`;

/**
 * Hops from lane to lane over the index of due tasks: its cost grows with the lanes, not with the tasks.
 * Subselects with LIMIT 1 keep to that index whatever the statistics say. Settings and counts come with each look, so
 * that nobody has to keep them.
 */
const findDueLanesStatement = defineStatement(
  'find-due-lanes',
  'claim',
  {},
  () => sql`
    WITH RECURSIVE lanes AS (
      (SELECT queue, priority FROM ${unfinishedTasks} WHERE parked_for IS NULL
        ORDER BY queue DESC, priority DESC LIMIT 1)
      UNION ALL
      SELECT next.queue, next.priority
      FROM lanes CROSS JOIN LATERAL (
        SELECT u.queue, u.priority FROM ${unfinishedTasks} u
        WHERE (u.queue, u.priority) < (lanes.queue, lanes.priority) AND u.parked_for IS NULL
        ORDER BY u.queue DESC, u.priority DESC LIMIT 1
      ) next
    )
    ${lookAt(sql`true`)}`,
);

/** Looks at given lanes, each from an instant on: what is gone before it is not read again. */
const lookAtLanesStatement = defineStatement(
  'look-at-lanes',
  'claim',
  { queues: 'text[]', priorities: 'int4[]', sinces: 'timestamptz[]' },
  ($) => sql`
    WITH lanes AS MATERIALIZED (
      SELECT * FROM ${unnest($.queues, $.priorities, $.sinces)} AS lane (queue, priority, since)
    )
    ${lookAt(sql`u.due_at >= lanes.since`)}`,
);

/**
 * Finds the queues that have a task to claim, with what counts for them now: all of them, or those that have one in
 * the given lanes.
 */
export async function findDueLanes(database: Queryable, known?: readonly Lane[]): Promise<DueLanes> {
  const rows = await (known === undefined
    ? findDueLanesStatement(database, {})
    : lookAtLanesStatement(database, toColumns(known)));
  const waits = rows.map((row) => row['next_due_in_ms']).filter((wait) => wait !== null);
  return {
    queues: toQueues(rows.filter((row) => row['due_since'] !== null)),
    lanes: rows.map((row) => toLane(row)),
    hasRunRequests: rows[0]?.['has_run_requests'] === true,
    ...(waits.length > 0 && { nextDueInMs: Math.ceil(Math.min(...waits.map(Number))) }),
    ...(rows.length > 0 && { asOf: rows[0]?.['as_of'] as Date }),
  };
}

function toColumns(lanes: readonly Lane[]) {
  return {
    queues: lanes.map(({ queue }) => queue),
    priorities: lanes.map(({ priority }) => priority),
    sinces: lanes.map(({ since }) => since.toISOString()),
  };
}

/** A submit is due from the beginning of its transaction, which may end so many milliseconds later. */
const LONGEST_SUBMIT_MS = 1000;

function toLane(row: Row): Lane {
  const asOf = row['as_of'] as Date;
  return {
    queue: row['queue'] as string,
    priority: Number(row['priority']),
    since: (row['due_since'] as Date | null) ?? new Date(asOf.getTime() - LONGEST_SUBMIT_MS),
  };
}

/** Each lane repeats what is said of its queue. */
function toQueues(lanes: readonly Row[]): DueQueue[] {
  return [...groupBy(lanes, (lane) => lane['queue'] as string)].map(([queue, unordered]) => {
    const rows = unordered.toSorted((a, b) => Number(b['priority']) - Number(a['priority']));
    const row = rows[0] as Row;
    return {
      queue,
      priorities: rows.map(({ priority }) => Number(priority)),
      sinces: rows.map((lane) => lane['due_since'] as Date),
      version: (row['version'] as string | null) ?? NO_SETTINGS,
      settings: toQueueSettings(row),
      count: toGateCount(row),
      hasLimitedFlowKeys: row['has_limited_flow_keys'] === true,
    };
  });
}

/** The version of a queue's settings while it has none. */
const NO_SETTINGS = '';
