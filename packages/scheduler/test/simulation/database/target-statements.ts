import { readRows } from './array-literal-reader.ts';
import { isUnexpired } from './rules.ts';
import type { Row } from './row.ts';
import {
  toDate,
  type LockKey,
  type SimulatedStatement,
  type StatementContext,
  type StatementWrite,
} from './statement-run.ts';
import type { HeldRow, Tables, UnfinishedTask } from './tables.ts';

/** Mirrors find-held-targets.ts. */
export const findHeldTargets: SimulatedStatement = ({ tables, nowMs }) => {
  const isAny = [...tables.unfinished.values()].some(({ unfinished }) => unfinished.parkedFor !== null);
  const parked = { is_any: isAny ? true : null };
  const rows: Row[] = [...tables.heldTargets.values()].map((held) => ({
    ...parked,
    key: held.key,
    origin: held.origin,
    state: held.state,
    since: toDate(held.since),
    until: toDate(held.until),
    failures: held.failures,
    probes: held.probes,
    last_error: null,
    since_ms: nowMs - held.since,
    until_in_ms: held.until - nowMs,
  }));
  return { rows: rows.length === 0 ? [{ ...parked, key: null }] : rows };
};

const lockOf = (key: string): string => `held ${key}`;

/** A write to one row, if it is as it has to be. */
function changing(
  context: StatementContext,
  key: string,
  guard: (row: HeldRow | undefined) => boolean,
  change: (row: HeldRow | undefined) => HeldRow | undefined,
): StatementWrite {
  const { tables } = context;
  return {
    found: [lockOf(key)],
    locks: true,
    stillMatches: () => guard(tables.heldTargets.get(key)),
    write(keys) {
      if (keys.length === 0) return [];
      const row = change(tables.heldTargets.get(key));
      if (row === undefined) return [];
      tables.heldTargets.set(key, row);
      context.logHold(key);
      return [{ key, probe: row.probe, probes: row.probes }];
    },
  };
}

/** Mirrors hold-target.ts. */
export const holdTarget: SimulatedStatement = (context, [key, origin, holdMs]) => {
  const { nowMs } = context;
  const until = nowMs + Number(holdMs);
  return changing(
    context,
    key as string,
    () => true,
    (row) => {
      context.note('held back');
      if (row === undefined) return { ...freshHold(key, origin), state: 'held-back', since: nowMs, until };
      const keepsSince = row.state === 'circuit-open' || (row.state === 'held-back' && row.until > nowMs);
      return {
        ...row,
        state: row.state === 'circuit-open' ? row.state : 'held-back',
        since: keepsSince ? row.since : nowMs,
        until: Math.max(row.until, until),
      };
    },
  );
};

const freshHold = (key: unknown, origin: unknown) => ({
  key: key as string,
  origin: origin as string,
  failures: 0,
  probes: 0,
  probe: null,
});

/** Mirrors open-circuit.ts. */
export const openCircuit: SimulatedStatement = (context, [origin, failures, , pauseMs]) => {
  const { nowMs } = context;
  const isClosed = (row: HeldRow | undefined): boolean => row?.state !== 'circuit-open';
  return changing(context, origin as string, isClosed, (row) => {
    context.note('circuit opened');
    const until = Math.max(row?.until ?? 0, nowMs + Number(pauseMs));
    const circuit = { state: 'circuit-open' as const, since: nowMs, until, failures: Number(failures) };
    return { ...freshHold(origin, origin), ...circuit };
  });
};

/** Mirrors take-probe.ts. */
export const takeProbe: SimulatedStatement = (context, [origin, leaseMs]) => {
  const { tables, rules, nowMs } = context;
  const key = origin as string;
  const isOpen = (row: HeldRow | undefined): boolean => row !== undefined && rules.mayProbe(row, nowMs);
  const taking = changing(context, key, isOpen, (row) => ({
    ...row!,
    until: nowMs + Number(leaseMs),
    probe: tables.nextLease(),
  }));
  return {
    ...taking,
    passingBy: () => (isOpen(tables.heldTargets.get(key)) ? candidates(context, key) : []),
    write(keys: readonly LockKey[]) {
      const [held, ...seqs] = keys;
      if (held === undefined || seqs.length === 0) return [];
      context.note('probe');
      for (const seq of seqs) unpark(context, tables.unfinished.get(seq as number)!);
      return taking.write([held]);
    },
  };
};

/** Tasks to probe with. */
function candidates({ tables, nowMs, isLocked }: StatementContext, origin: string): number[] {
  return [...tables.unfinished.values()]
    .filter(
      ({ unfinished: row }) => row.parkedFor === origin && row.state === 'pending' && row.dueAt <= nowMs,
    )
    .filter(({ unfinished, queue, target, seq }) => {
      const url = tables.heldTargets.get(target);
      const isUrlHeld = url !== undefined && url.key !== url.origin && url.until > nowMs;
      const isPaused = tables.queues.get(queue)?.columns['paused'] === true;
      return isUnexpired(unfinished, nowMs) && !isPaused && !isUrlHeld && !isLocked(seq);
    })
    .toSorted((a, b) => a.unfinished.dueAt - b.unfinished.dueAt)
    .slice(0, 3)
    .map(({ seq }) => seq);
}

/** Mirrors end-probe of end-probe.ts. */
export const endProbe: SimulatedStatement = (context, [origin, probe, result, pauseMs]) => {
  const { nowMs } = context;
  return changing(context, origin as string, isProbe(probe), (row) => {
    if (result === 'answered') {
      context.note('circuit closed by a probe');
      return { ...row!, state: 'returning', since: nowMs, until: nowMs, failures: 0, probe: null };
    }
    const failed = result === 'failed' ? 1 : 0;
    const counted = { failures: row!.failures + failed, probes: row!.probes + failed };
    return { ...row!, ...counted, until: nowMs + Number(pauseMs), probe: null };
  });
};

/** Mirrors keep-probe of end-probe.ts. */
export const keepProbe: SimulatedStatement = (context, [origin, probe, leaseMs]) =>
  changing(context, origin as string, isProbe(probe), (row) => ({
    ...row!,
    until: context.nowMs + Number(leaseMs),
  }));

const isProbe =
  (probe: unknown) =>
  (row: HeldRow | undefined): boolean =>
    row?.state === 'circuit-open' && row.probe === Number(probe);

/** Mirrors remove-ended-holds.ts. */
export const removeEndedHolds: SimulatedStatement = (context, [returnMs]) => {
  const { tables, nowMs, isLocked } = context;
  const isEnded = ({ state, until, since }: HeldRow): boolean =>
    (state === 'held-back' && until <= nowMs) || (state === 'returning' && since <= nowMs - Number(returnMs));
  return {
    found: [],
    locks: true,
    stillMatches: () => true,
    passingBy: () =>
      [...tables.heldTargets.values()]
        .filter((row) => isEnded(row) && !isLocked(lockOf(row.key)))
        .map(({ key }) => lockOf(key)),
    write: (keys) =>
      keys.map((lock) => {
        const key = String(lock).slice(lockOf('').length);
        tables.heldTargets.delete(key);
        context.logHold(key);
        return {};
      }),
  };
};

/** Mirrors park-tasks.ts. */
export const parkTasks: SimulatedStatement = (context, [limit]) => {
  const { tables, nowMs, isLocked } = context;
  return {
    found: [],
    locks: true,
    stillMatches: () => true,
    passingBy: () =>
      [...tables.unfinished.values()]
        .filter((task) => {
          const { state, runAt, parkedFor, dueAt } = task.unfinished;
          if (state !== 'pending' || runAt !== null || parkedFor !== null || dueAt > nowMs) return false;
          return keyThatHolds(tables, task, nowMs) !== undefined && !isLocked(task.seq);
        })
        .slice(0, Number(limit))
        .map(({ seq }) => seq),
    write(keys) {
      for (const seq of keys) {
        const task = tables.unfinished.get(seq as number)!;
        const before = { ...task.unfinished };
        task.unfinished.parkedFor = keyThatHolds(tables, task, nowMs) ?? null;
        context.note('parked');
        context.log('park', task, before);
      }
      return [{ parked: keys.length }];
    },
  };
};

function keyThatHolds(
  { heldTargets }: Tables,
  { origin, target }: UnfinishedTask,
  nowMs: number,
): string | undefined {
  return [origin, target].find((key) => {
    const row = heldTargets.get(key);
    return (
      row !== undefined &&
      (row.state === 'circuit-open'
        ? row.probe === null || row.until <= nowMs
        : row.state === 'held-back' && row.until > nowMs)
    );
  });
}

/** Mirrors unpark-tasks.ts. */
export const unparkTasks: SimulatedStatement = (context, [limit, returning, returningLimits]) => {
  const { tables, rules, nowMs, isLocked } = context;
  const returningMost = new Map(
    readRows({ key: returning, most: returningLimits }).map(({ key, most }) => [key, Number(most)]),
  );
  const freeOf = (key: string): number => {
    const row = tables.heldTargets.get(key);
    if (row?.state === 'returning') return returningMost.get(key) ?? 0;
    const isFree = row === undefined || (row.state === 'held-back' && row.until <= nowMs);
    return isFree && rules.maySetFree(key) ? Number(limit) : 0;
  };
  return {
    found: [],
    locks: true,
    stillMatches: () => true,
    passingBy() {
      const parked = [...tables.unfinished.values()].filter(
        ({ unfinished }) => unfinished.parkedFor !== null,
      );
      return [...Map.groupBy(parked, ({ unfinished }) => unfinished.parkedFor!)].flatMap(([key, tasks]) =>
        tasks
          .filter(({ seq }) => !isLocked(seq))
          .toSorted((a, b) => a.unfinished.dueAt - b.unfinished.dueAt)
          .slice(0, freeOf(key))
          .map(({ seq }) => seq),
      );
    },
    write(keys) {
      for (const seq of keys) unpark(context, tables.unfinished.get(seq as number)!);
      return [{ unparked: keys.length }];
    },
  };
};

function unpark(context: StatementContext, task: UnfinishedTask): void {
  const before = { ...task.unfinished };
  task.unfinished.parkedFor = null;
  context.note('unparked');
  context.log('unpark', task, before);
}

/** Mirrors note-scheduler.ts, whose table only answers of recorders show. */
export const noteScheduler: SimulatedStatement = () => ({
  found: [],
  locks: true,
  stillMatches: () => true,
  write: () => [],
});
