import type { AttemptOutcome, TaskState } from '@dispatchr/contract';
import type { HeldRow, UnfinishedRow } from './tables.ts';

/** Who runs a statement. */
export interface Client {
  /** Its process; a scheduler's is the name it claims with. */
  readonly id: string;
  /** The wall clock of its machine, which no healthy statement reads. */
  readonly epochMs: number;
}

/** The guards and sums of the statements that schedulers run; a mutant replaces one of them. */
export interface Rules {
  isClaimable(row: UnfinishedRow, nowMs: number): boolean;
  attemptOfClaim(row: UnfinishedRow): number;
  leaseUntil(row: UnfinishedRow, nowMs: number, leaseMs: number, client: Client): number;
  mayRenew(row: UnfinishedRow, lease: number): boolean;
  maySettle(row: UnfinishedRow, lease: number, client: Client): boolean;
  attemptOfSettle(row: UnfinishedRow): number;
  attemptsUsed(row: UnfinishedRow, asked: number): number;
  isCancelled(row: UnfinishedRow, settledAs: TaskState): boolean;
  dueAgainAt(row: UnfinishedRow, nowMs: number, delayMs: number, outcome: AttemptOutcome): number;
  isLost(row: UnfinishedRow, nowMs: number): boolean;
  leaseOfTaker(row: UnfinishedRow, next: number): number;
  /** Whether a claim locks the rows it finds, and passes by those that are locked. */
  readonly claimsLock: boolean;
  /** Whether a sweep does so. */
  readonly sweepsLock: boolean;
  /** Whether a claim locks the gates that it passes. */
  readonly gatesLock: boolean;
  /** What a claim of so many tasks adds to a gate. */
  addedByClaim(tasks: number): number;
  /** The bits that a claim sets, of those that it should. */
  bitsOfClaim(bits: number): number;
  /** Milliseconds by which a claim of so many tasks moves a rate. */
  costOfClaim(tasks: number, intervalMs: number): number;
  /** What a settle of so many tasks takes off a gate. */
  takenOffBySettle(tasks: number): number;
  /** Whether a claim that was made for one version of a queue's settings counts under another. */
  isSameVersion(asked: string, present: string): boolean;
  /** Whether it is time for a probe of an open circuit. */
  mayProbe(row: HeldRow, nowMs: number): boolean;
  /** Whether what was parked for a key that nothing holds is let go. */
  maySetFree(key: string): boolean;
  /** Whether an insert is answered before its commit. */
  readonly answersBeforeCommit: boolean;
}

/** The rules as the statements of packages/store/src/statements have them. */
export const RULES: Rules = {
  isClaimable: (row, nowMs) => row.state === 'pending' && row.dueAt <= nowMs && isUnexpired(row, nowMs),
  attemptOfClaim: ({ attempt }) => attempt + 1,
  leaseUntil: (_row, nowMs, leaseMs) => nowMs + leaseMs,
  mayRenew: (row, lease) => row.state === 'running' && row.lease === lease,
  maySettle: (row, lease) => row.state === 'running' && row.lease === lease,
  attemptOfSettle: ({ attempt }) => attempt,
  attemptsUsed: (_row, asked) => asked,
  isCancelled: (row, settledAs) => settledAs !== 'completed' && row.cancelRequestedAt !== null,
  dueAgainAt: (row, nowMs, delayMs, outcome) => (outcome === 'released' ? row.dueAt : nowMs + delayMs),
  isLost: (row, nowMs) => row.state === 'running' && row.leaseUntil !== null && row.leaseUntil < nowMs,
  leaseOfTaker: (_row, next) => next,
  claimsLock: true,
  sweepsLock: true,
  gatesLock: true,
  addedByClaim: (tasks) => tasks,
  bitsOfClaim: (bits) => bits,
  costOfClaim: (tasks, intervalMs) => tasks * intervalMs,
  takenOffBySettle: (tasks) => tasks,
  isSameVersion: (asked, present) => asked === present,
  mayProbe: ({ state, until }, nowMs) => state === 'circuit-open' && until <= nowMs,
  maySetFree: () => true,
  answersBeforeCommit: false,
};

/** Whether the row's `expiresAt` has not come. */
export function isUnexpired({ expiresAt }: UnfinishedRow, nowMs: number): boolean {
  return expiresAt === null || expiresAt > nowMs;
}
