import type { Transition } from '../history.ts';
import type { Stories, Violation } from './stories.ts';

/** The bits of `gate`, each with the name of the gate that counts by it. */
const gatesOf = ({ queue, flowKey, gate }: Transition): string[] => [
  ...((gate & 1) === 1 ? [queue] : []),
  ...((gate & 2) === 2 ? [`${queue}/${flowKey}`] : []),
];

/** Gates count the running tasks that carry their bit: after each commit, neither more nor fewer. */
export function gatesCountWhatRuns({ history }: Stories): Violation[] {
  const running = new Map<string, number>();
  const inFlight = new Map<string, number>();
  const gatesOfTask = new Map<number, readonly string[]>();
  const add = (name: string, tasks: number): void => void running.set(name, (running.get(name) ?? 0) + tasks);
  const changesOf = Map.groupBy(history.gates, ({ commit }) => commit);
  const violations: Violation[] = [];
  for (const [commit, transitions] of Map.groupBy(history.transitions, (one) => one.commit)) {
    const touched = new Set<string>();
    for (const transition of transitions) {
      const before = gatesOfTask.get(transition.seq) ?? [];
      const after = transition.to === 'running' ? gatesOf(transition) : [];
      for (const name of before) add(name, -1);
      for (const name of after) add(name, 1);
      gatesOfTask.set(transition.seq, after);
      for (const name of [...before, ...after]) touched.add(name);
    }
    for (const { queue, flowKey, inFlight: counted } of changesOf.get(commit) ?? []) {
      const name = flowKey === '' ? queue : `${queue}/${flowKey}`;
      inFlight.set(name, counted);
      touched.add(name);
    }
    for (const name of touched) {
      const [expected, counted] = [running.get(name) ?? 0, inFlight.get(name) ?? 0];
      if (counted === expected) continue;
      const what = `counts ${counted} after ${transitions[0]!.event} at ${transitions[0]!.atMs}, and ${expected} run`;
      violations.push({ id: `gate ${name}`, what });
    }
  }
  return violations;
}
