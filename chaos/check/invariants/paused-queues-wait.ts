import { clockTime, type Invariant } from '../invariant.ts';
import { settingsWithin } from '../queue-settings.ts';
import { arrivedFrom, sentDeliveriesOf, wasHeldUp } from '../sent-delivery.ts';

/** Nothing of a paused queue is delivered, but what an operator runs. Spec: QUE-020, CAN-013. */
export const pausedQueuesWait: Invariant = {
  name: 'pause',
  sentence: 'nothing of a paused queue is delivered from a second after the answer to the pause',
  violationsOf(task, run) {
    return sentDeliveriesOf(task)
      .filter(({ queue, wasRun }) => queue !== undefined && !wasRun)
      .filter((delivery) => {
        const at = arrivedFrom(run, delivery.at);
        const span = { from: at, until: delivery.at };
        const values = settingsWithin(run, delivery.queue ?? '', ({ paused }) => paused, false, span);
        return values.every(Boolean) && !wasHeldUp(run, delivery);
      })
      .map(
        ({ queue, at, claimedAt }) =>
          `delivered at ${clockTime(at)}, claimed at ${clockTime(claimedAt)}, though ${queue} was paused`,
      );
  },
};
