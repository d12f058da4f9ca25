import type { History } from '../history.ts';
import { everyAcknowledgedTaskEnds, nothingIsInvented, oneIdentityIsOneTask } from './acknowledged.ts';
import {
  attemptsAreCounted,
  cancelledStaysUnclaimed,
  claimedIsSentAtOnce,
  nothingIsEarly,
} from './attempts.ts';
import { concurrencyIsKept } from './concurrency.ts';
import {
  deliveriesOverlapOnlyPastTheLease,
  duplicatesHaveAFault,
  leasesAreLostToFaults,
} from './duplicates.ts';
import { gatesCountWhatRuns } from './gates.ts';
import { heldTargetsRest, nothingStaysParked, openCircuitsAreProbed } from './holds.ts';
import {
  completedMeansA2xx,
  everyChangeIsInTheStateTable,
  recordedIsWhatWasSeen,
  terminalStatesStay,
} from './outcomes.ts';
import { pausedQueuesRest } from './pauses.ts';
import { ratesAreKept } from './rates.ts';
import {
  holdersSettle,
  losersBreakOff,
  lostLeasesAreSwept,
  stoppedClaimsNothing,
  sweepsFollowContact,
} from './recovery.ts';
import { readStories, type Stories, type Violation } from './stories.ts';

/** What must hold of every run, by the name under which a violation is reported. */
export const INVARIANTS: Readonly<Record<string, (stories: Stories) => Violation[]>> = {
  'I1 every acknowledged task ends': everyAcknowledgedTaskEnds,
  'I2 nothing is invented': nothingIsInvented,
  'I3 completed means a 2xx': completedMeansA2xx,
  'I4 duplicates have a fault': duplicatesHaveAFault,
  'I5 deliveries overlap only past the lease': deliveriesOverlapOnlyPastTheLease,
  'I6 attempts are counted': attemptsAreCounted,
  'I7 nothing is early': nothingIsEarly,
  'I8 a cancelled task stays unclaimed': cancelledStaysUnclaimed,
  'I8 a claimed task is sent at once': claimedIsSentAtOnce,
  'I9 terminal states stay': terminalStatesStay,
  'I10 one identity is one task': oneIdentityIsOneTask,
  'I11 lost leases are swept': lostLeasesAreSwept,
  'STA-001 every change is in the state table': everyChangeIsInTheStateTable,
  'STA-024 what is recorded was seen': recordedIsWhatWasSeen,
  'LEA-003 holders settle': holdersSettle,
  'LEA-004 losers break off': losersBreakOff,
  'LEA-007 leases are lost to faults': leasesAreLostToFaults,
  'LEA-008 sweeps follow contact': sweepsFollowContact,
  'LEA-020 who stops claims nothing': stoppedClaimsNothing,
  'gates count what runs': gatesCountWhatRuns,
  'QUE-020 paused queues rest': pausedQueuesRest,
  'QUE-060 rates are kept': ratesAreKept,
  'QUE-061 concurrency is kept': concurrencyIsKept,
  'HLD-012 held targets rest': heldTargetsRest,
  'HLD-022 open circuits are probed': openCircuitsAreProbed,
  'HLD-023 nothing stays parked': nothingStaysParked,
};

/** A violation with the name of its invariant. */
export interface NamedViolation extends Violation {
  readonly invariant: string;
}

/** Holds the logs of a run against every invariant. */
export function checkInvariants(history: History): NamedViolation[] {
  const stories = readStories(history);
  return Object.entries(INVARIANTS).flatMap(([invariant, check]) =>
    check(stories).map((violation) => ({ invariant, ...violation })),
  );
}

/** The first violations of each invariant in words; '' when there is none. */
export function describeViolations(violations: readonly NamedViolation[]): string {
  const byInvariant = Map.groupBy(violations, ({ invariant }) => invariant);
  return [...byInvariant]
    .flatMap(([invariant, broken]) => [
      `${invariant}: ${broken.length} violations`,
      ...broken.slice(0, 3).map(({ id, what }) => `  ${id} ${what}`),
    ])
    .join('\n');
}
