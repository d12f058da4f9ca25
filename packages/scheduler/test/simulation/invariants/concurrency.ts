import type { Transition } from '../history.ts';
import { LimitsOverTime, periodAt, type Period } from './limits-over-time.ts';
import type { Stories, Violation } from './stories.ts';

/** QUE-061, FLO-021: no claim leaves a queue, or a flow key, with more running tasks than it may have. */
export function concurrencyIsKept({ history }: Stories): Violation[] {
  const limits = new LimitsOverTime(history);
  const periodsOf = new Map<string, Period[]>();
  const running = new Map<string, Set<number>>();
  const violations: Violation[] = [];
  const enter = (name: string, change: Transition): Set<number> => {
    const tasks = running.get(name) ?? new Set();
    running.set(name, tasks);
    if (change.to === 'running') tasks.add(change.seq);
    else tasks.delete(change.seq);
    return tasks;
  };
  for (const change of history.transitions) {
    const { queue, event, id, seq, begunMs } = change;
    for (const flowKey of ['', change.flowKey]) {
      const name = `${queue}/${flowKey}`;
      const tasks = enter(name, change);
      if (event !== 'claim') continue;
      const periods = periodsOf.get(name) ?? limits.periodsOf(queue, flowKey);
      periodsOf.set(name, periods);
      const { maxConcurrency = Infinity } = periodAt(periods, begunMs).limits;
      if (tasks.size <= maxConcurrency) continue;
      const what = `was claimed as number ${tasks.size} of ${name}, which may have ${maxConcurrency}`;
      violations.push({ id, seq, what });
    }
  }
  return violations;
}
