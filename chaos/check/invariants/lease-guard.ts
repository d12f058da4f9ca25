import { clockTime, type Invariant } from '../invariant.ts';
import { faultsThatSevered } from '../fault-effects.ts';
import type { RunContext } from '../run-context.ts';
import type { Step } from '../steps.ts';
import type { AttemptHistory } from '../task-history.ts';

/** For how long a lease stands, in milliseconds. Spec: LEA-001. */
const LEASE_MS = 30_000;

/** Who settles is who holds the lease. Spec: LEA-001, LEA-002, LEA-003, LEA-004, LEA-007, TIM-004. */
export const leaseGuard: Invariant = {
  name: 'lease',
  sentence:
    'each claim has a new lease of 30 s of database time, only its holder settles, and it is lost by a fault alone',
  violationsOf({ steps, attempts }, run) {
    return [
      ...reused(steps),
      ...steps.flatMap(wrongLength),
      ...attempts.flatMap((attempt) => [...settledByOther(attempt), ...notRenewed(attempt, run)]),
    ];
  },
};

function reused(steps: readonly Step[]): string[] {
  const given = steps
    .filter(({ event }) => event === 'claim' || event === 'take-over')
    .map(({ after }) => after?.lease);
  return given
    .filter((lease, index) => lease === undefined || given.indexOf(lease) !== index)
    .map(
      (lease) =>
        `a claim with ${lease === undefined ? 'no lease' : `the lease ${lease}, which was used before`}`,
    );
}

function wrongLength({ event, before, after, begunAt }: Step): string[] {
  const isGiven = event === 'claim' || event === 'take-over' || event === 'renew';
  if (!isGiven || after?.leaseUntil === undefined) return [];
  const found: string[] = [];
  // Reckoned in the database, so the two differ by what the log rounds.
  if (Math.abs(after.leaseUntil - begunAt - LEASE_MS) > 1)
    found.push(`${event}: a lease of ${Math.round(after.leaseUntil - begunAt)} ms`);
  if (event === 'renew' && after.scheduler !== before?.scheduler)
    found.push('a renewal changed the scheduler');
  return found;
}

/** After a take-over only the taker may settle; without one only the scheduler that claimed, and not as lost. */
function settledByOther({ number, end, takeOvers, scheduler, claim }: AttemptHistory): string[] {
  if (end?.ended === undefined) return [];
  const { outcome, startedAt } = end.ended;
  const found: string[] = [];
  const wasTaken = takeOvers.length > 0;
  if (wasTaken && outcome !== 'lease-lost' && outcome !== 'released')
    found.push(
      `attempt ${number} was taken over at ${clockTime(takeOvers.at(-1)?.at ?? 0)} and still settled as ${outcome}`,
    );
  if (!wasTaken && outcome === 'lease-lost')
    found.push(`attempt ${number} ended lease-lost, and nobody took it over`);
  if (end.ended.scheduler !== undefined && end.ended.scheduler !== scheduler)
    found.push(`attempt ${number} of ${scheduler} is recorded as that of ${end.ended.scheduler}`);
  if (startedAt !== undefined && startedAt !== claim.after?.startedAt)
    found.push(`attempt ${number} is recorded with another startedAt than its claim`);
  return found;
}

/** A scheduler that runs and reaches the database renews what it holds, whatever its targets do. */
function notRenewed({ number, scheduler, heldSince, end }: AttemptHistory, run: RunContext): string[] {
  if (end?.ended?.outcome !== 'lease-lost') return [];
  const faults = faultsThatSevered(run, scheduler, { from: heldSince, until: end.at });
  return faults.length === 0 ? [`attempt ${number} lost its lease, and no fault explains it`] : [];
}
