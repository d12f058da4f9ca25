import type { SettledAttempt } from '@dispatchr/store';
import { RULES } from './database/rules.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Planted } from './simulation.ts';
import type { StoreWrapper } from './simulated-schedulers.ts';
import { QUEUES } from './task-plans.ts';

/** A fault in the program, planted, and the invariants of which at least one must notice it. */
export interface Mutant extends Planted {
  /** In the words of the list of mutants, where it is there. */
  readonly name: string;
  readonly caughtBy: readonly string[];
  /** The faults that bring it to light; any when absent. */
  readonly faults?: readonly FaultKind[];
}

const STALLS: readonly FaultKind[] = [
  'stall-past-lease',
  'stall-past-lease',
  'database-clock-jump',
  'answer-lost',
];
const SLOW_SWEEPS: readonly FaultKind[] = [
  'kill',
  'database-slow',
  'database-slow',
  'database-slow',
  'database-slow',
  'database-slow',
  'database-slow',
];

const dropsSettlesOnSigterm: StoreWrapper = (store, { life }) => ({
  ...store,
  settleAttempt: (settled) =>
    life.toldToStopMs === undefined ? store.settleAttempt(settled) : Promise.resolve(true),
});

const claimsDuringDrain: StoreWrapper = (store, { life, clock, name }) => {
  const claim: Parameters<typeof store.claimDueTasks>[0] = {
    queues: QUEUES.map((queue) => ({ queue, quota: 3, priorities: [5, 0, -3], version: '' })),
    scheduler: name,
    exceptOrigins: [],
    originLimits: [],
    otherOriginLimit: 3,
  };
  const keepClaiming = (): void => {
    if (life.toldToStopMs !== undefined) store.claimDueTasks(claim).catch(() => undefined);
    clock.timer(500, keepClaiming);
  };
  keepClaiming();
  return store;
};

const changesSettle =
  (change: (settled: SettledAttempt) => SettledAttempt): StoreWrapper =>
  (store) => ({ ...store, settleAttempt: (settled) => store.settleAttempt(change(settled)) });

const countsNoTransportError = changesSettle((settled) => {
  const { settlement, attempt } = settled;
  if (attempt.outcome !== 'retryable' || attempt.errorCode === undefined) return settled;
  return { ...settled, settlement: { ...settlement, attemptsUsed: settlement.attemptsUsed - 1 } };
});

const stopsAtTheFirstBadRow: StoreWrapper = (store) => {
  let sweep: Promise<unknown> = Promise.resolve();
  return {
    ...store,
    takeOverLostLeases(asked) {
      sweep = Promise.resolve();
      return store.takeOverLostLeases(asked);
    },
    settleAttempt(settled) {
      if (settled.attempt.outcome !== 'lease-lost') return store.settleAttempt(settled);
      const settledInTurn = sweep.then(() => store.settleAttempt(settled));
      sweep = settledInTurn;
      return settledInTurn;
    },
  };
};

const believesItsLeasesStand: StoreWrapper = (store) => ({
  ...store,
  async renewLeases(leases) {
    await store.renewLeases(leases);
    return leases.map(({ lease }) => lease);
  },
});

/** The mutants of lease, guard and settling. */
export const MUTANTS: readonly Mutant[] = [
  {
    name: 'drop the guard on a settle',
    rules: { maySettle: () => true },
    faults: STALLS,
    caughtBy: ['LEA-003', 'I6', 'STA-001'],
  },
  {
    name: 'guard a settle by the state alone',
    rules: { maySettle: ({ state }) => state === 'running' },
    faults: STALLS,
    caughtBy: ['LEA-003', 'I3'],
  },
  {
    name: 'guard by scheduler id instead of the lease number',
    rules: { maySettle: ({ state, scheduler }, _lease, { id }) => state === 'running' && scheduler === id },
    faults: STALLS,
    caughtBy: ['LEA-003', 'STA-024', 'I3'],
  },
  {
    name: 'drop the guard on a renewal',
    rules: { mayRenew: ({ state }) => state === 'running' },
    faults: STALLS,
    caughtBy: ['LEA-004'],
  },
  {
    name: 'believe every lease to stand after a renewal',
    store: believesItsLeasesStand,
    faults: STALLS,
    caughtBy: ['LEA-004'],
  },
  {
    name: 'lease from the client’s clock',
    rules: { leaseUntil: (_row, _nowMs, leaseMs, { epochMs }) => epochMs + leaseMs },
    caughtBy: ['I5', 'I11'],
  },
  {
    name: 'lease from dueAt',
    rules: { leaseUntil: ({ dueAt }, _nowMs, leaseMs) => dueAt + leaseMs },
    caughtBy: ['I5'],
  },
  {
    name: 'attempt counted at completion',
    rules: { attemptOfClaim: ({ attempt }) => attempt, attemptOfSettle: ({ attempt }) => attempt + 1 },
    caughtBy: ['I6'],
  },
  {
    name: 'sweep without a state guard',
    rules: {
      sweepsLock: false,
      isLost: (row, nowMs) => RULES.isLost({ ...row, state: 'running' }, nowMs),
    },
    faults: SLOW_SWEEPS,
    caughtBy: ['STA-001', 'I5'],
  },
  { name: 'sweep whatever runs', rules: { isLost: ({ state }) => state === 'running' }, caughtBy: ['I5'] },
  {
    name: 'sweep under the old lease number',
    rules: { leaseOfTaker: ({ lease }, next) => lease ?? next },
    faults: ['database-clock-jump', 'database-clock-jump', 'database-slow'],
    caughtBy: ['LEA-003'],
  },
  {
    name: 'sweep stops at the first bad row',
    store: stopsAtTheFirstBadRow,
    faults: ['row-unsettleable', 'kill'],
    caughtBy: ['I11'],
  },
  { name: 'claim without locks', rules: { claimsLock: false }, caughtBy: ['STA-001', 'I6'] },
  {
    name: 'claim before dueAt',
    rules: { isClaimable: (row, nowMs) => RULES.isClaimable(row, nowMs + 1000) },
    caughtBy: ['I7'],
  },
  { name: 'settle without the pause', rules: { dueAgainAt: (_row, nowMs) => nowMs }, caughtBy: ['I7'] },
  { name: 'settle without a look at the cancel', rules: { isCancelled: () => false }, caughtBy: ['I8'] },
  { name: 'ack before COMMIT', rules: { answersBeforeCommit: true }, caughtBy: ['I1'] },
  {
    name: 'settle buffer dropped on SIGTERM',
    store: dropsSettlesOnSigterm,
    faults: ['terminate'],
    caughtBy: ['LEA-007', 'I4'],
  },
  { name: 'claim during drain', store: claimsDuringDrain, caughtBy: ['LEA-020'] },
  {
    name: 'transport error retried without being counted',
    store: countsNoTransportError,
    caughtBy: ['I6'],
  },
];
