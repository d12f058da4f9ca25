import { CLOCK_SLACK_MS, TARGET_LAG_MS, clockTime, type Invariant } from '../invariant.ts';
import type { AttemptHistory, TaskHistory } from '../task-history.ts';

/** I5: nobody delivers what another holds. Spec: DLV-040, LEA-007. */
export const overlapOnlyAfterTheLease: Invariant = {
  name: 'I5',
  sentence: 'two deliveries of a task overlap only if the later claim came after the earlier lease ran out',
  violationsOf(task) {
    return [...task.attempts.flatMap(takenTooEarly), ...overlaps(task)];
  },
};

/** A lease that stands may be taken only by its own scheduler, to give back a claim whose answer never came. */
function takenTooEarly({ number, takeOvers, end, deliveries }: AttemptHistory): string[] {
  return takeOvers.flatMap((step, index) => {
    const ranOutAt = step.before?.leaseUntil ?? Infinity;
    if (step.begunAt > ranOutAt) return [];
    // Whoever takes a claim back may die before it is released, and is then swept in turn.
    const isGivenBack = takeOvers.length > index + 1 || end?.ended?.outcome !== 'lease-lost';
    if (deliveries.length === 0 && isGivenBack) return [];
    const [at, until] = [clockTime(step.begunAt), clockTime(ranOutAt)];
    return [`attempt ${number} was taken over at ${at}; its lease stood until ${until}`];
  });
}

/** A lost attempt may go on unknowingly; one that its scheduler ended must be over before it is settled. */
function overlaps({ attempts }: TaskHistory): string[] {
  return attempts.flatMap((earlier, index) =>
    attempts.slice(index + 1).flatMap((later) => {
      if (earlier.end?.ended?.outcome === 'lease-lost') return [];
      const endedAt = earlier.deliveries.map(({ answered }) => answered?.at ?? Infinity);
      const receivedAt = later.deliveries.map(({ received }) => received.at);
      const overlap = Math.max(...endedAt) - Math.min(...receivedAt);
      const slackMs = CLOCK_SLACK_MS + TARGET_LAG_MS;
      return overlap > slackMs
        ? [`attempt ${later.number} was delivered while the delivery of attempt ${earlier.number} went on`]
        : [];
    }),
  );
}
