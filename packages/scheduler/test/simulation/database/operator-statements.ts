import type { TransitionEvent } from '@dispatchr/contract';
import { finish } from './lease-statements.ts';
import { isUnexpired } from './rules.ts';
import type { LockKey, SimulatedStatement, StatementContext, StatementRun } from './statement-run.ts';
import type { TaskRow, UnfinishedRow, UnfinishedTask } from './tables.ts';

/** Mirrors cancel-pending-task.ts. */
export const cancelPendingTask: SimulatedStatement = (context, [seq]) =>
  changeUnfinished(context, seq, 'pending', 'cancel', (task) => finish(context, task, 'cancelled', null));

/** Mirrors request-cancel.ts. */
export const requestCancel: SimulatedStatement = (context, [seq]) =>
  changeUnfinished(context, seq, 'running', 'cancel', ({ unfinished }) => {
    unfinished.cancelRequestedAt ??= context.nowMs;
  });

/** Mirrors run-pending-task.ts. */
export const runPendingTask: SimulatedStatement = (context, [seq]) =>
  changeUnfinished(context, seq, 'pending', 'run', ({ unfinished }) => {
    unfinished.dueAt = Math.min(unfinished.dueAt, context.nowMs);
    unfinished.runAt ??= context.nowMs;
    unfinished.parkedFor = null;
  });

/** Mirrors retry-finished-task.ts. */
export const retryFinishedTask: SimulatedStatement = (context, [seq]) =>
  changeFinished(context, [Number(seq)], 'retry', (task, { attempt, startedAt }) => {
    const { tables, nowMs } = context;
    if (task.expiresAt !== null && task.expiresAt <= nowMs) task.expiresAt = null;
    tables.open(task, { ...freshRow(nowMs, task.expiresAt), attempt, startedAt });
  });

/** Mirrors delete-finished-task.ts. */
export const deleteFinishedTask: SimulatedStatement = (context, [seq]) =>
  changeFinished(context, [Number(seq)], 'delete', (task) => context.tables.forget(task));

/** Mirrors the two statements of prune-tasks.ts. */
export function pruneTasks(isKind: (state: string) => boolean): SimulatedStatement {
  return (context, [retentionMs, limit]) => {
    const { tables, nowMs, isLocked } = context;
    const old = [...tables.finished]
      .filter(({ finished }) => isKind(finished!.state) && finished!.finishedAt < nowMs - Number(retentionMs))
      .filter(({ seq }) => !isLocked(seq))
      .slice(0, Number(limit));
    const seqs = old.map(({ seq }) => seq);
    return changeFinished(context, seqs, 'prune', (task) => tables.forget(task));
  };
}

/** Mirrors expire-tasks.ts. */
export const expireTasks: SimulatedStatement = (context, [limit]) => {
  const { tables, nowMs, isLocked } = context;
  const expired = [...tables.unfinished.values()].filter(
    ({ seq, unfinished }) =>
      unfinished.state === 'pending' && !isUnexpired(unfinished, nowMs) && !isLocked(seq),
  );
  return {
    found: expired.slice(0, Number(limit)).map(({ seq }) => seq),
    locks: true,
    stillMatches: () => true,
    write: (keys) =>
      keys.map((key) => {
        const task = tables.unfinished.get(key as number)!;
        const before = { ...task.unfinished };
        finish(context, task, 'failed', 'expired');
        context.log('expire', task, before);
        return { seq: key };
      }),
  };
};

/** A row of a task that was never claimed, or not since the operator's retry. */
export function freshRow(dueAt: number, expiresAt: number | null): UnfinishedRow {
  return {
    state: 'pending',
    dueAt,
    expiresAt,
    attempt: 0,
    attemptsUsed: 0,
    lease: null,
    leaseUntil: null,
    scheduler: null,
    startedAt: null,
    firstClaimedAt: null,
    cancelRequestedAt: null,
    gate: 0,
    parkedFor: null,
    runAt: null,
  };
}

function changeUnfinished(
  context: StatementContext,
  seq: unknown,
  state: 'pending' | 'running',
  event: TransitionEvent,
  change: (task: UnfinishedTask) => void,
): StatementRun {
  const { tables } = context;
  const stillMatches = (key: LockKey): boolean =>
    tables.unfinished.get(key as number)?.unfinished.state === state;
  return {
    found: [Number(seq)].filter(stillMatches),
    locks: true,
    stillMatches,
    write: (keys) =>
      keys.map((key) => {
        const task = tables.unfinished.get(key as number)!;
        const before = { ...task.unfinished };
        change(task);
        context.log(event, task, before);
        return { seq: key };
      }),
  };
}

function changeFinished(
  context: StatementContext,
  seqs: readonly number[],
  event: TransitionEvent,
  change: (task: TaskRow, before: NonNullable<TaskRow['finished']>) => void,
): StatementRun {
  const { tables } = context;
  const stillMatches = (key: LockKey): boolean => tables.bySeq.get(key as number)?.finished !== undefined;
  return {
    found: seqs.filter(stillMatches),
    locks: true,
    stillMatches,
    write: (keys) =>
      keys.map((key) => {
        const task = tables.bySeq.get(key as number)!;
        const before = task.finished!;
        change(task, before);
        context.log(event, task, before);
        return { seq: key };
      }),
  };
}
