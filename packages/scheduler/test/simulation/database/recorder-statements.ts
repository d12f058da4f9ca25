import { readArrayLiteral } from './array-literal-reader.ts';
import { contentColumns } from './claiming.ts';
import { freshRow } from './operator-statements.ts';
import type { Row } from './row.ts';
import { toDate, type LockKey, type SimulatedStatement } from './statement-run.ts';
import type { TaskRow } from './tables.ts';

/** Mirrors record-tasks.ts. */
export const recordTasks: SimulatedStatement = (context, values) => {
  const { tables, nowMs } = context;
  const input = toTasks(values, nowMs);
  return {
    found: input.flatMap(({ id, idempotencyKey }) => identities(id, idempotencyKey)),
    locks: true,
    stillMatches: () => true,
    write: () =>
      input.flatMap(({ dueAt, ...content }) => {
        const { id, idempotencyKey } = content;
        if (tables.byId.has(id) || (idempotencyKey !== null && tables.byKey.has(idempotencyKey))) return [];
        const task: TaskRow = { ...content, seq: tables.nextSeq() };
        tables.insert(task);
        tables.open(task, freshRow(dueAt, task.expiresAt));
        context.log('submit', task, undefined);
        return [{ seq: task.seq, id, created_at: toDate(nowMs), due_at: toDate(dueAt) }];
      }),
  };
};

function identities(id: string, idempotencyKey: string | null): LockKey[] {
  return idempotencyKey === null ? [`id ${id}`] : [`id ${id}`, `key ${idempotencyKey}`];
}

function toTasks(values: readonly unknown[], nowMs: number): (Omit<TaskRow, 'seq'> & { dueAt: number })[] {
  const columns = values.map((value) => readArrayLiteral(value));
  const instant = (text: string | null | undefined): number | null =>
    text === null || text === undefined ? null : Date.parse(text);
  return readArrayLiteral(values[0]).map((id, index) => {
    const value = (column: number): string | null => columns[column]?.[index] ?? null;
    return {
      id: id!,
      idempotencyKey: value(1),
      fingerprint: value(2),
      target: value(3)!,
      origin: value(4)!,
      taskName: value(5),
      taskArgs: value(6),
      request: value(7),
      headers: value(8),
      queue: value(9)!,
      flowKey: value(10)!,
      priority: Number(value(11)),
      dueAt: (instant(value(12)) ?? nowMs) + Number(value(13) ?? 0),
      expiresAt: instant(value(14)),
      timeoutMs: value(15) === null ? null : Number(value(15)),
      retry: value(16),
      traceparent: value(17),
      tracestate: value(18),
      createdAt: nowMs,
      unfinished: undefined,
      finished: undefined,
      attempts: [],
    };
  });
}

/** Mirrors find-recorded-tasks.ts. */
export const findRecordedTasks: SimulatedStatement = ({ tables }, [ids, keys]) => {
  const byId = readArrayLiteral(ids).map((id) => tables.byId.get(id!));
  const byKey = readArrayLiteral(keys).map((key) => tables.byKey.get(key!));
  const found = new Set([...byId, ...byKey].filter((task) => task !== undefined));
  return { rows: [...found].map(taskRow) };
};

/** Mirrors find-task.ts. */
export const findTask: SimulatedStatement = ({ tables }, [id]) => {
  const task = tables.byId.get(id as string);
  return { rows: task === undefined ? [] : [taskRow(task)] };
};

function taskRow(task: TaskRow): Row {
  const row = (task.unfinished ?? task.finished)!;
  return {
    ...contentColumns(task),
    seq: task.seq,
    priority: task.priority,
    fingerprint: task.fingerprint,
    expires_at: toDate(task.expiresAt),
    created_at: toDate(task.createdAt),
    state: row.state,
    reason: task.finished?.reason ?? null,
    due_at: toDate(row.dueAt),
    attempt: row.attempt,
    attempts_used: row.attemptsUsed,
    started_at: toDate(row.startedAt),
    finished_at: toDate(task.finished?.finishedAt ?? null),
    cancel_requested_at: toDate(row.cancelRequestedAt),
  };
}
