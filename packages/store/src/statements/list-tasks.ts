import { TERMINAL_STATES, type TaskState } from '@dispatchr/contract';
import { and, eq, gte, lt, type SQL, sql } from '../drizzle.ts';
import type { Queryable } from '../database/database.ts';
import { JOIN_QUEUE_DEFAULTS, TASK_COLUMNS, toTaskRecord } from '../decode-row.ts';
import { finishedTasks, tasks, unfinishedTasks } from '../schema/index.ts';
import { STATE } from '../sql-states.ts';
import { renderSql } from '../statement.ts';
import type { TaskFilter, TaskRecord } from '../task-record.ts';

/**
 * Lists tasks newest first. `before` is the `seq` that the page continues from.
 *
 * The text depends on which filters are given, so that each shape gets a plan of its own.
 */
export async function listTasks(
  database: Queryable,
  filter: TaskFilter,
  page: { limit: number; before?: number },
): Promise<TaskRecord[]> {
  const { text, values } = renderSql(sql`
    SELECT ${sql.raw(TASK_COLUMNS)}
    FROM ${tasks} t
    ${joins(filter.state)}
    ${JOIN_QUEUE_DEFAULTS}
    WHERE ${and(...conditions(filter), page.before === undefined ? undefined : sql`t.seq < ${page.before}`) ?? sql`true`}
    ORDER BY t.seq DESC
    LIMIT ${page.limit}`);
  const rows = await database.query({ name: 'list-tasks', role: 'read', text }, values);
  return rows.map(toTaskRecord);
}

const isUnfinished = (state: TaskState): boolean => !TERMINAL_STATES.some((terminal) => terminal === state);

/** In the text and on the table's own column, so that partial indexes serve it. */
function stateIs(state: TaskState): SQL {
  return isUnfinished(state) ? sql`u.state = ${STATE[state]}` : sql`f.state = ${STATE[state]}`;
}

/** A state lives in one of two tables; asking for one drives the scan from that table. */
function joins(state: TaskFilter['state']): SQL {
  if (state === undefined)
    return sql`LEFT JOIN ${unfinishedTasks} u ON u.seq = t.seq LEFT JOIN ${finishedTasks} f ON f.seq = t.seq`;
  return isUnfinished(state)
    ? sql`JOIN ${unfinishedTasks} u ON u.seq = t.seq LEFT JOIN ${finishedTasks} f ON false`
    : sql`JOIN ${finishedTasks} f ON f.seq = t.seq LEFT JOIN ${unfinishedTasks} u ON false`;
}

function conditions(filter: TaskFilter): (SQL | undefined)[] {
  const column = (name: string) => sql.raw(`t.${name}`);
  const equals = (name: string, value: string | undefined) =>
    value === undefined ? undefined : eq(column(name), value);
  return [
    filter.state === undefined ? undefined : stateIs(filter.state),
    equals('queue', filter.queue),
    equals('flow_key', filter.flowKey),
    equals('task_name', filter.taskName),
    equals('target', filter.target),
    filter.createdAfter === undefined
      ? undefined
      : gte(column('created_at'), sql`${filter.createdAfter}::timestamptz`),
    filter.createdBefore === undefined
      ? undefined
      : lt(column('created_at'), sql`${filter.createdBefore}::timestamptz`),
  ];
}
