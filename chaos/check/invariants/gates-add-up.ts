import type { Watch } from '../watch.ts';

/** What is counted as in flight is in flight. Spec: QUE-061, FLO-021. */
export function gatesAddUp(): Watch {
  return {
    name: 'gates',
    sentence:
      'at the end of the run each gate counts the running tasks that it let in, none once all is drained',
    collect: () => undefined,
    violations: (run) =>
      run.gates.flatMap(({ queue, flowKey, inFlight, running }) => {
        const isLeft = run.phaseAt('drained') !== undefined && inFlight !== 0;
        if (inFlight === running && !isLeft) return [];
        const gate = flowKey === '' ? queue : `${flowKey} of ${queue}`;
        return [{ token: '', says: `${gate} counts ${inFlight} in flight, ${running} are`, timeline: [] }];
      }),
  };
}
