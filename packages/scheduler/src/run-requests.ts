import { flowLimitsOf, roomOf, type Limits } from '@dispatchr/lifecycle';
import type { FlowKeyShare, Gate, RunRequest } from '@dispatchr/store';
import { NOTHING_COUNTED, gateOf } from './flow-key-turns.ts';

/** What to claim of the tasks that operators asked to run. */
export interface RunsClaim {
  readonly shares: readonly FlowKeyShare[];
  readonly gates: readonly Gate[];
  /** Gates that are not there yet. */
  readonly missing: readonly Gate[];
}

/** Whether concurrency leaves room for it, as of the look. */
export function hasRoomToRun({ settings, count, ownLimits, flowCount }: RunRequest): boolean {
  const flowLimits = flowLimitsOf(ownLimits, settings.flowLimits ?? {});
  const roomIn = ({ maxConcurrency }: Limits, counted = NOTHING_COUNTED): number =>
    roomOf(maxConcurrency === undefined ? {} : { maxConcurrency }, counted).room;
  return roomIn(settings, count) > 0 && roomIn(flowLimits, flowCount) > 0;
}

/** A run passes over a pause and rates, but never past concurrency. Spec: CAN-013. */
export function claimOfRuns(requests: readonly RunRequest[]): RunsClaim {
  const shares = new Map<string, FlowKeyShare>();
  const gates = new Map<string, Gate>();
  const missing = new Map<string, Gate>();
  for (const { queue, flowKey, priorities, version, settings, count, ownLimits, flowCount } of requests) {
    const name = JSON.stringify([queue, flowKey]);
    const quota = (shares.get(name)?.quota ?? 0) + 1;
    shares.set(name, { queue, flowKey, quota, queueQuota: requests.length, priorities, version });
    const pass = (key: string, { maxConcurrency }: Limits, isThere: boolean): void => {
      if (maxConcurrency === undefined) return;
      const gate = gateOf(queue, key, { maxConcurrency });
      gates.set(JSON.stringify([queue, key]), gate);
      if (!isThere) missing.set(JSON.stringify([queue, key]), gate);
    };
    pass('', settings, count !== undefined);
    pass(flowKey, flowLimitsOf(ownLimits, settings.flowLimits ?? {}), flowCount !== undefined);
  }
  return { shares: [...shares.values()], gates: [...gates.values()], missing: [...missing.values()] };
}
