import { Counts, type CreateFigure } from '../figure.ts';
import { sentDeliveriesOf, wasHeldUp } from '../sent-delivery.ts';

/** How much the limits, pauses and held targets of a run had to do with: a run in which none binds shows little. */
export const flowControlFigures: CreateFigure = (run) => {
  const limited = new Set(run.queueCalls.map(({ queue }) => queue));
  const deliveries = new Counts();
  const counted = new Counts();
  return {
    collect(task) {
      for (const delivery of sentDeliveriesOf(task)) {
        const { queue = '', wasRun } = delivery;
        if (!limited.has(queue)) continue;
        deliveries.add(queue);
        if (wasRun) counted.add('run by an operator');
        if (wasHeldUp(run, delivery)) counted.add('held up with their scheduler');
      }
      for (const { event, after } of task.steps)
        if (event === 'park')
          counted.add(after?.parkedFor === undefined ? 'put back' : 'put aside for a target');
      for (const { end } of task.attempts)
        if (end?.ended?.errorCode === 'connection-refused') counted.add('attempts refused by a dead target');
    },
    table: () => ({
      title: 'flow control',
      lines: [
        ['calls of the operator', run.queueCalls.length],
        ...deliveries.entries().map(([queue, count]) => [`deliveries of ${queue}`, count] as const),
        ...counted.entries(),
      ],
    }),
  };
};
