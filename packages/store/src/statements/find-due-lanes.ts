import { sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';
import type { Lane } from '../task-record.ts';

/** Where something is due, and when more will be. */
export interface DueLanes {
  /** Lanes with a task due now, by queue, higher priority first. */
  readonly lanes: readonly Lane[];
  /** Milliseconds until the next task that is not due yet; absent when none waits. */
  readonly nextDueInMs?: number;
  /** When the database was asked, by its own clock; absent when no task is unfinished. */
  readonly asOf?: Date;
}

/**
 * Hops from lane to lane over the index of due tasks: its cost grows with the lanes, not with the tasks.
 * Subselects with LIMIT 1 keep to that index whatever the statistics say.
 */
const findDueLanesStatement = defineStatement(
  'find-due-lanes',
  'claim',
  {},
  () => sql`
    WITH RECURSIVE lanes AS (
      (SELECT queue, priority FROM ${unfinishedTasks} ORDER BY queue DESC, priority DESC LIMIT 1)
      UNION ALL
      SELECT next.queue, next.priority
      FROM lanes CROSS JOIN LATERAL (
        SELECT u.queue, u.priority FROM ${unfinishedTasks} u
        WHERE (u.queue, u.priority) < (lanes.queue, lanes.priority)
        ORDER BY u.queue DESC, u.priority DESC LIMIT 1
      ) next
    )
    SELECT lanes.queue, lanes.priority,
      (SELECT true FROM ${unfinishedTasks} u
        WHERE u.queue = lanes.queue AND u.priority = lanes.priority AND u.due_at <= now() AND u.state = ${STATE.pending}
          AND (u.expires_at IS NULL OR u.expires_at > now())
        ORDER BY u.due_at LIMIT 1) AS due,
      (SELECT extract(epoch FROM u.due_at - now()) * 1000 FROM ${unfinishedTasks} u
        WHERE u.queue = lanes.queue AND u.priority = lanes.priority AND u.due_at > now()
        ORDER BY u.due_at LIMIT 1)::float8 AS next_due_in_ms,
      now() AS as_of
    FROM lanes`,
);

/** Finds the lanes that have a task to claim. */
export async function findDueLanes(database: Queryable): Promise<DueLanes> {
  const rows = await findDueLanesStatement(database, {});
  const lanes = rows
    .filter((row) => row['due'] === true)
    .map((row) => ({ queue: row['queue'] as string, priority: Number(row['priority']) }));
  const waits = rows.map((row) => row['next_due_in_ms']).filter((wait) => wait !== null);
  return {
    lanes,
    ...(waits.length > 0 && { nextDueInMs: Math.ceil(Math.min(...waits.map(Number))) }),
    ...(rows.length > 0 && { asOf: rows[0]?.['as_of'] as Date }),
  };
}
