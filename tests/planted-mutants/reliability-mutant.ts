import type { Edit } from './planted-mutant.ts';

/** A fault in the scheduler, the store or the recorder that would break an invariant, and the test that sees it. */
export interface ReliabilityMutant {
  readonly id: string;
  /** The kind of fault that it is one of. */
  readonly kind: MutantKind;
  /** What the program then does wrong. */
  readonly fault: string;
  readonly plants: readonly Plant[];
  /** Whether the test starts processes, into which the first plant goes too. */
  readonly inServices?: true;
  readonly caughtBy: CatchingTest;
}

/** The changes of one file, its path from the root of the repository. */
export interface Plant {
  readonly file: string;
  readonly edits: readonly Edit[];
}

/** The test that fails while the fault is planted: its file from the root of the repository, and its full name. */
export interface CatchingTest {
  readonly file: string;
  /** As vitest prints it: suites and name with ` > ` between. */
  readonly test: string;
}

/** The kinds of fault that must not go unnoticed; each is planted at least once. */
export const MUTANT_KINDS = [
  'ack before COMMIT',
  'drop the guard on a transition',
  'guard by scheduler id instead of the lease token',
  "lease from the client's clock",
  'lease from dueAt',
  'attempt counted at completion',
  'sweep without a state guard',
  'sweep stops at the first bad row',
  'claim by IN (subselect)',
  'settle buffer dropped on SIGTERM',
  'claim during drain',
  'transport error retried without being counted',
  '2xx with a broken body counted as failed',
  'redirects followed',
  'guard in the lookup hook only',
  'address checked and then resolved again',
  'AAAA ignored',
  'unbounded response',
  'no pool error handler',
  'no query deadline',
  'arguments in jsonb',
  'first-in-first-out without a cap per target',
  'limit that nothing counts',
  'settle that takes nothing off',
  'claim under stale settings',
  'pause ignored',
] as const;

export type MutantKind = (typeof MUTANT_KINDS)[number];
