import type { Invariant } from '../invariant.ts';
import { isTerminal } from '../steps.ts';

/** I9: an end is an end. Spec: STA-011, CAN-014 to CAN-016, DUR-007, DUR-011. */
export const oneTerminalState: Invariant = {
  name: 'I9',
  sentence: "one terminal state, never left except by the operator's retry",
  violationsOf({ steps }) {
    return steps.flatMap(({ before, after, event, anomalies }) => {
      const found = [...anomalies];
      if (isTerminal(before) && event !== 'retry')
        found.push(`${before?.state} was left by ${event}, to ${after?.state ?? 'nothing'}`);
      if (event === 'retry' && (after?.cancelRequestedAt !== undefined || after?.attemptsUsed !== 0))
        found.push('a retry kept the cancel or the used attempts');
      return found;
    });
  },
};
