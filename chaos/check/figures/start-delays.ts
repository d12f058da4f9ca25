import { Counts, spread, type CreateFigure } from '../figure.ts';
import type { TaskHistory } from '../task-history.ts';

/** From the instant at which an attempt was due to the request at its target, by the plan of the task: I12. */
export const startDelayFigures: CreateFigure = (run) => {
  const quiet: number[] = [];
  const whileDown: number[] = [];
  const whileFaults: number[] = [];
  const plans = new Counts();
  const downs = run.faults.filter(({ name }) => name === 'target-down');
  const others = run.faults.filter(({ name }) => name !== 'target-down');
  const isWithin = (faults: typeof run.faults, at: number): boolean =>
    faults.some(({ from, until }) => from <= at && until >= at);

  const collectDelivery = (task: TaskHistory, number: number, at: number): void => {
    const dueAt = task.attempts[number - 1]?.claim.before?.dueAt;
    if (dueAt === undefined) return;
    // A task that was due before it was recorded waited for its producer.
    const delayMs = at - Math.max(dueAt, task.recorded?.at ?? dueAt);
    if (isWithin(others, at)) whileFaults.push(delayMs);
    else if (isWithin(downs, at)) whileDown.push(delayMs);
    else quiet.push(delayMs);
  };
  return {
    collect(task) {
      const plan = task.submits[0]?.submit.plan ?? '';
      plans.add(plan.split('/', 2).join('/'));
      if (isHealthy(plan))
        for (const { received } of task.deliveries) collectDelivery(task, received.attempt, received.at);
    },
    table: () => ({
      title: 'start delay of tasks whose target is well (I12)',
      lines: [
        ['no fault', spread(quiet)],
        ['while another target is down', spread(whileDown)],
        ['while other faults are on', spread(whileFaults)],
        ...plans.entries().map(([plan, count]) => [`tasks planned ${plan}`, count] as const),
      ],
    }),
  };
};

function isHealthy(plan: string): boolean {
  return plan.startsWith('healthy');
}
