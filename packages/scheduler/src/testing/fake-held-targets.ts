import type { HeldTargets, HeldTargetStore } from '@dispatchr/store';

/** What a fake store has of held targets. */
export interface FakeHeldTargets {
  /** What `findHeldTargets` answers with. */
  held: HeldTargets;
  /** What was written of targets and schedulers: the method and its argument. */
  readonly targetWrites: [name: keyof HeldTargetStore, given: unknown][];
}

/** The part of a fake store that concerns the health of targets; each probe that is asked for is to be had. */
export function createFakeHeldTargets(
  fake: () => FakeHeldTargets,
  call: <T>(name: string, answer: () => T) => Promise<T>,
): HeldTargetStore {
  const write =
    <T>(name: keyof HeldTargetStore, result: T) =>
    (given: unknown): Promise<T> =>
      call(name, () => {
        fake().targetWrites.push([name, given]);
        return result;
      });
  return {
    findHeldTargets: () => call('findHeldTargets', () => fake().held),
    holdTarget: write('holdTarget', undefined),
    openCircuit: write('openCircuit', true),
    takeProbe: write('takeProbe', { probe: 7, probes: 0 }),
    keepProbe: write('keepProbe', undefined),
    endProbe: write('endProbe', true),
    removeEndedHolds: write('removeEndedHolds', undefined),
    parkTasks: write('parkTasks', 0),
    unparkTasks: write('unparkTasks', 0),
    noteScheduler: write('noteScheduler', undefined),
    forgetScheduler: write('forgetScheduler', undefined),
  };
}
