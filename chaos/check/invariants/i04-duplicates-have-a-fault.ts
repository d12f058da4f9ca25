import { duplicatesOf } from '../excuses.ts';
import { clockTime, type Invariant } from '../invariant.ts';

/** I4: at least once is at most once without a fault. Spec: DLV-041. */
export const duplicatesHaveAFault: Invariant = {
  name: 'I4',
  sentence: 'a second delivery after a 2xx happens only where a fault explains it',
  violationsOf(task, run) {
    return duplicatesOf(task, run)
      .filter(({ excuses }) => excuses.length === 0)
      .map(
        ({ first, second, outcome }) =>
          `attempt ${second.received.attempt} was delivered at ${clockTime(second.received.at)} after a 2xx of attempt ` +
          `${first.received.attempt} (which ended ${outcome}), and no fault explains it`,
      );
  },
};
