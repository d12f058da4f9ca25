import type { AttemptOutcome, TaskReason, TaskState } from '@dispatchr/contract';
import { readArrayLiteral, readNumbers } from './array-literal-reader.ts';
import { gatesOf, takeOffGates } from './gate-statements.ts';
import type { Row } from './row.ts';
import type { LockKey, SimulatedStatement, StatementContext } from './statement-run.ts';
import type { UnfinishedTask } from './tables.ts';

/** Mirrors renew-leases.ts. */
export const renewLeases: SimulatedStatement = (context, [seqs, leases, leaseMs]) => {
  const { tables, rules, nowMs, client } = context;
  const leaseOf = byFirst(readNumbers(seqs), readNumbers(leases));
  const stillMatches = (key: LockKey): boolean => {
    const row = tables.unfinished.get(key as number)?.unfinished;
    return row !== undefined && rules.mayRenew(row, leaseOf.get(key as number)!);
  };
  return {
    found: [...leaseOf.keys()].filter(stillMatches).toSorted((a, b) => a - b),
    locks: true,
    stillMatches,
    write: (keys) =>
      keys.map((key) => {
        const task = tables.unfinished.get(key as number)!;
        const before = { ...task.unfinished };
        task.unfinished.leaseUntil = rules.leaseUntil(task.unfinished, nowMs, Number(leaseMs), client);
        context.log('renew', task, before);
        return { lease: leaseOf.get(key as number) };
      }),
  };
};

/** Mirrors take-over-lost-leases.ts. */
export const takeOverLostLeases: SimulatedStatement = (context, values) => {
  const { tables, rules, nowMs, client, isLocked } = context;
  const [everyLease, scheduler, exceptLeases, limit, leaseMs, claimedUntil] = values;
  const untilMs = claimedUntil === null ? nowMs : Date.parse(claimedUntil as string);
  const except = new Set(readNumbers(exceptLeases));
  const isLost = ({ unfinished: row }: UnfinishedTask): boolean => {
    if (scheduler === null)
      return rules.isLost(row, nowMs) || (everyLease === true && row.state === 'running');
    if (row.state !== 'running' || row.scheduler !== scheduler || except.has(row.lease!)) return false;
    return row.startedAt! <= untilMs && row.leaseUntil === row.startedAt! + Number(leaseMs);
  };
  const lost = [...tables.unfinished.values()].filter(
    (task) => isLost(task) && !(rules.sweepsLock && isLocked(task.seq)),
  );
  return {
    found: lost.slice(0, Number(limit)).map(({ seq }) => seq),
    locks: rules.sweepsLock,
    stillMatches: () => true,
    write: (keys) =>
      keys.flatMap((key) => {
        const task = tables.unfinished.get(key as number);
        if (task === undefined) return [];
        const row = task.unfinished;
        const before = { ...row };
        row.lease = rules.leaseOfTaker(row, tables.nextLease());
        row.leaseUntil = rules.leaseUntil(row, nowMs, Number(leaseMs), client);
        context.log('take-over', task, before);
        return [lostRow(task, nowMs)];
      }),
  };
};

function lostRow(task: UnfinishedTask, nowMs: number): Row {
  const { unfinished: row, attempts } = task;
  return {
    seq: task.seq,
    lease: row.lease,
    attempt: row.attempt,
    attempts_used: row.attemptsUsed,
    id: task.id,
    retry: task.retry,
    queue_retry: null,
    since_claim_ms: nowMs - (row.startedAt ?? nowMs),
    since_first_claim_ms: nowMs - (row.firstClaimedAt ?? nowMs),
    expires_in_ms: row.expiresAt === null ? null : row.expiresAt - nowMs,
    previous_lease_lost: attempts.some(
      ({ attempt, outcome }) => attempt === row.attempt - 1 && outcome === 'lease-lost',
    ),
  };
}

interface Settling {
  readonly lease: number;
  readonly state: TaskState;
  readonly reason: TaskReason | null;
  readonly delayMs: number;
  readonly attemptsUsed: number;
  readonly outcome: AttemptOutcome;
}

/** Mirrors settle-attempts.ts. */
export const settleAttempts: SimulatedStatement = (context, values) => {
  const { tables, rules, client } = context;
  const asked = readNumbers(values[0]);
  const settled = byFirst(asked, settlingOf(values));
  const stillMatches = (key: LockKey): boolean => {
    const row = tables.unfinished.get(key as number)?.unfinished;
    return row !== undefined && rules.maySettle(row, settled.get(key as number)!.lease, client);
  };
  const found = [...settled.keys()].filter(stillMatches).toSorted((a, b) => a - b);
  const gates = new Set(found.flatMap((seq) => gatesOf(tables.unfinished.get(seq)!)));
  // The second row of one attempt violates the primary key of the attempts.
  if (settled.size < asked.length) throw new Error('duplicate key value violates "attempts_pkey"');
  return {
    found: [...found, ...[...gates].toSorted(byText)],
    locks: true,
    stillMatches: (key) => typeof key === 'string' || stillMatches(key),
    write(keys) {
      const seqs = keys.filter((key) => typeof key === 'number');
      const ended = seqs.flatMap((seq) => gatesOf(tables.unfinished.get(seq)!));
      const rows = seqs.map((seq) => {
        const settling = settled.get(seq)!;
        settle(context, tables.unfinished.get(seq)!, settling);
        return { lease: settling.lease };
      });
      takeOffGates(context, countOf(ended));
      return rows;
    },
  };
};

const byText = (a: string, b: string): number => (a < b ? -1 : 1);

function countOf(keys: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function settlingOf(values: readonly unknown[]): Settling[] {
  const [, leases = [], states = [], reasons = [], delaysMs = [], attemptsUsed = [], outcomes = []] =
    values.map((value) => readArrayLiteral(value));
  return leases.map((lease, index) => ({
    lease: Number(lease),
    state: states[index] as TaskState,
    reason: (reasons[index] ?? null) as TaskReason | null,
    delayMs: Number(delaysMs[index] ?? 0),
    attemptsUsed: Number(attemptsUsed[index]),
    outcome: outcomes[index] as AttemptOutcome,
  }));
}

function settle(context: StatementContext, task: UnfinishedTask, settling: Settling): void {
  const { rules, nowMs } = context;
  const { outcome } = settling;
  const row = task.unfinished;
  const before = { ...row };
  row.attempt = rules.attemptOfSettle(row);
  row.attemptsUsed = rules.attemptsUsed(row, settling.attemptsUsed);
  const cancelled = rules.isCancelled(row, settling.state);
  task.attempts.push({ attempt: row.attempt, scheduler: row.scheduler ?? '', outcome });
  if (settling.state === 'pending' && !cancelled) {
    row.dueAt = rules.dueAgainAt(row, nowMs, settling.delayMs, outcome);
    Object.assign(row, {
      state: 'pending',
      lease: null,
      leaseUntil: null,
      scheduler: null,
      gate: 0,
      runAt: null,
    });
  } else finish(context, task, cancelled ? 'cancelled' : settling.state, cancelled ? null : settling.reason);
  context.log(outcome, task, before);
}

/** Moves a task from the unfinished ones to the finished ones. */
export function finish(
  { tables, nowMs }: StatementContext,
  task: UnfinishedTask,
  state: TaskState,
  reason: TaskReason | null,
): void {
  const { attempt, attemptsUsed, dueAt, startedAt, cancelRequestedAt } = task.unfinished;
  tables.finish(task, {
    state: state as 'completed' | 'failed' | 'cancelled',
    reason,
    attempt,
    attemptsUsed,
    dueAt,
    startedAt,
    cancelRequestedAt,
    finishedAt: nowMs,
  });
}

function byFirst<T>(keys: readonly number[], values: readonly T[]): Map<number, T> {
  return new Map(keys.map((key, index) => [key, values.at(index)!]));
}
