import type { Invariant } from '../invariant.ts';
import type { Watch } from '../watch.ts';
import { attemptsEndInTime } from './attempts-end-in-time.ts';
import { attemptsImmutable } from './attempts-immutable.ts';
import { endsTerminal } from './i01-ends-terminal.ts';
import { nothingInvented } from './i02-nothing-invented.ts';
import { completedMeans2xx } from './i03-completed-means-2xx.ts';
import { duplicatesHaveAFault } from './i04-duplicates-have-a-fault.ts';
import { overlapOnlyAfterTheLease } from './i05-overlap-only-after-the-lease.ts';
import { attemptsAreNumbered } from './i06-attempts-are-numbered.ts';
import { neverTooEarly } from './i07-never-too-early.ts';
import { cancelsHold } from './i08-cancels-hold.ts';
import { oneTerminalState } from './i09-one-terminal-state.ts';
import { oneTaskPerIdentity } from './i10-one-task-per-identity.ts';
import { noLeaseLeftBehind } from './i11-no-lease-left-behind.ts';
import { forbiddenTargetsSeeNothing } from './i13-forbidden-targets-see-nothing.ts';
import { gatesAddUp } from './gates-add-up.ts';
import { heldTargetsWait } from './held-targets-wait.ts';
import { leaseGuard } from './lease-guard.ts';
import { openCircuitsProbe } from './open-circuits-probe.ts';
import { operationsAreKept } from './operations-are-kept.ts';
import { pausedQueuesWait } from './paused-queues-wait.ts';
import { queuesKeepConcurrency } from './queues-keep-concurrency.ts';
import { queuesKeepRates } from './queues-keep-rates.ts';
import { stateTable } from './state-table.ts';

/** What must hold for each task; I12 is a figure, and I14 is about processes. */
export const INVARIANTS: readonly Invariant[] = [
  endsTerminal,
  nothingInvented,
  completedMeans2xx,
  duplicatesHaveAFault,
  overlapOnlyAfterTheLease,
  attemptsAreNumbered,
  neverTooEarly,
  cancelsHold,
  oneTerminalState,
  oneTaskPerIdentity,
  noLeaseLeftBehind,
  forbiddenTargetsSeeNothing,
  stateTable,
  leaseGuard,
  attemptsImmutable,
  attemptsEndInTime,
  operationsAreKept,
  pausedQueuesWait,
];

/** What must hold for all tasks together; each run makes its own. */
export const WATCHES: readonly (() => Watch)[] = [
  queuesKeepConcurrency,
  queuesKeepRates,
  heldTargetsWait,
  openCircuitsProbe,
  gatesAddUp,
];
