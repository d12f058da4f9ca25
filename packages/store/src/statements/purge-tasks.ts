import type { Queryable } from '../database/database.ts';
import { type SQL, sql } from '../drizzle.ts';
import { attempts, finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { defineStatement } from '../statement.ts';

/** The moment from which a purge counts. Instants stay text here: a driver would cut off microseconds. */
export interface PurgeBegin {
  readonly lastSeq: number;
  readonly at: string;
}

/** What one statement of a purge did. */
export interface PurgeStep {
  readonly cancelled: number;
  /** Where the next one goes on; absent at the end. */
  readonly next?: PurgePosition;
}

/** The last task that a purge has looked at: the first column of the index that it walks, and the second. */
export interface PurgePosition {
  readonly first: string;
  readonly dueAt: string;
}

/** Walks one index in its order; a task that was running when the purge began is not of it. Spec: QUE-030. */
function definePurge(name: string, first: SQL, type: SQL, parked: SQL) {
  return defineStatement(
    name,
    'read',
    { queue: 'text', lastSeq: 'int8', begunAt: 'text', first: 'text', dueAt: 'text', limit: 'int4' },
    ($) => sql`
      WITH found AS MATERIALIZED (
        SELECT seq, ${first} AS first, due_at FROM ${unfinishedTasks} u
        WHERE queue = ${$.queue} AND ${parked} AND state = ${STATE.pending} AND seq <= ${$.lastSeq}
          AND (${first}, due_at) >= (${$.first}::${type}, ${$.dueAt}::timestamptz)
          AND (attempt = 0 OR NOT EXISTS (
            SELECT FROM ${attempts} a WHERE a.seq = u.seq AND a.attempt = u.attempt AND a.ended_at > ${$.begunAt}::timestamptz))
        ORDER BY ${first}, due_at
        LIMIT ${$.limit}
      ), locked AS MATERIALIZED (
        SELECT seq FROM ${unfinishedTasks}
        WHERE seq = ANY (ARRAY (SELECT seq FROM found)) AND state = ${STATE.pending}
        ORDER BY seq
        FOR UPDATE
      ), cancelled AS (
        DELETE FROM ${unfinishedTasks} WHERE seq = ANY (ARRAY (SELECT seq FROM locked))
        RETURNING seq, attempt, attempts_used, due_at, started_at
      ), finished AS (
        INSERT INTO ${finishedTasks} (seq, state, attempt, attempts_used, due_at, started_at, finished_at)
        SELECT seq, ${STATE.cancelled}, attempt, attempts_used, due_at, started_at, now() FROM cancelled
        RETURNING seq
      )
      SELECT (SELECT count(*) FROM finished)::int4 AS cancelled, (SELECT count(*) FROM found)::int4 AS found,
        last.first::text AS first, last.due_at::text AS due_at
      FROM (SELECT) one
      LEFT JOIN LATERAL (SELECT * FROM found ORDER BY found.first DESC, found.due_at DESC LIMIT 1) last ON true`,
  );
}

const purgeWaiting = definePurge(
  'purge-waiting-tasks',
  sql`u.priority`,
  sql`int4`,
  sql`u.parked_for IS NULL`,
);
const purgeParked = definePurge(
  'purge-parked-tasks',
  sql`u.parked_for`,
  sql`text`,
  sql`u.parked_for IS NOT NULL`,
);

const beginPurgeStatement = defineStatement(
  'begin-purge',
  'read',
  {},
  () => sql`SELECT coalesce(max(seq), 0) AS last_seq, now()::text AS at FROM ${tasks}`,
);

/** What is recorded by now is what a purge cancels. */
export async function beginPurge(database: Queryable): Promise<PurgeBegin> {
  const [row] = await beginPurgeStatement(database, {});
  return { lastSeq: Number(row?.['last_seq']), at: row?.['at'] as string };
}

/** Cancels at most `limit` tasks from a position on, of those that are parked or of the others. */
export async function purgeTasks(
  database: Queryable,
  which: 'waiting' | 'parked',
  step: { queue: string; begin: PurgeBegin; from?: PurgePosition; limit: number },
): Promise<PurgeStep> {
  const purge = which === 'parked' ? purgeParked : purgeWaiting;
  const lowest = which === 'parked' ? '' : '-2147483648';
  const [row = {}] = await purge(database, {
    queue: step.queue,
    lastSeq: step.begin.lastSeq,
    begunAt: step.begin.at,
    first: step.from?.first ?? lowest,
    dueAt: step.from?.dueAt ?? '-infinity',
    limit: step.limit,
  });
  return {
    cancelled: Number(row['cancelled']),
    ...(Number(row['found']) === step.limit && {
      next: { first: row['first'] as string, dueAt: row['due_at'] as string },
    }),
  };
}
