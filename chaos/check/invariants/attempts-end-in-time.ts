import { faultsThatDisturbed } from '../fault-effects.ts';
import type { Invariant } from '../invariant.ts';
import type { AttemptHistory } from '../task-history.ts';

/**
 * From an attempt's deadline to its settle, in milliseconds, counted from the claim: the second that the specification
 * allows, 6 for the answer to the claim and the wait for a slot, and the rest for a machine on which all share two cores.
 */
const SETTLED_WITHIN_MS = 12_000;

/** No attempt outlives its deadline. Spec: DLV-030, DLV-032. */
export const attemptsEndInTime: Invariant = {
  name: 'deadline',
  sentence: 'an attempt is settled soon after its deadline, unless a fault hit its scheduler or the database',
  violationsOf({ attempts, submits }, run) {
    const timeoutMs = submits[0]?.submit.timeoutMs ?? Infinity;
    const isLate = ({ claim, end }: AttemptHistory): boolean =>
      end !== undefined && end.at > claim.begunAt + timeoutMs + SETTLED_WITHIN_MS;
    return attempts
      .filter(isLate)
      .filter(({ claim, scheduler, end }) => {
        const span = { from: claim.begunAt, until: end?.at ?? Infinity };
        return faultsThatDisturbed(run, scheduler, span).length === 0;
      })
      .map(({ number }) => `attempt ${number} with a timeout of ${timeoutMs} ms was settled much later`);
  },
};
