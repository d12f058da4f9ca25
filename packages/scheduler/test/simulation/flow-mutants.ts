import type { FaultKind } from './fault-kinds.ts';
import type { Mutant } from './mutants.ts';
import type { StoreWrapper } from './simulated-schedulers.ts';

/** Little goes wrong, so that much is claimed; calls are slow, so that much happens between a look and its claim. */
const CALM: readonly FaultKind[] = ['hint-lost', 'call-slow', 'call-slow'];
/** What was claimed in time comes late to its slot. */
const DELAYS: readonly FaultKind[] = ['stall-briefly', 'stall-briefly', 'database-slow'];
const DEATHS: readonly FaultKind[] = ['target-dies'];

const ignoresPauses: StoreWrapper = (store) => ({
  ...store,
  async findDueLanes(known) {
    const look = await store.findDueLanes(known);
    const queues = look.queues.map((queue) => ({ ...queue, settings: { ...queue.settings, paused: false } }));
    return { ...look, queues };
  },
});

const sendsLateWhatARatePaid: StoreWrapper = (store) => ({
  ...store,
  claimFlowKeys(claim) {
    for (const { rate } of claim.gates)
      if (rate !== undefined) Object.assign(rate, { sendWithinMs: Infinity });
    return store.claimFlowKeys(claim);
  },
});

const runsPastConcurrency: StoreWrapper = (store) => ({
  ...store,
  claimFlowKeys: (claim) => store.claimFlowKeys(claim.runs === undefined ? claim : { ...claim, gates: [] }),
});

const believesNothingIsHeld: StoreWrapper = (store) => ({
  ...store,
  async findHeldTargets() {
    const { hasParked } = await store.findHeldTargets();
    return { targets: [], hasParked };
  },
});

/** The mutants of flow control. */
export const FLOW_MUTANTS: readonly Mutant[] = [
  {
    name: 'claim without a lock on its gates',
    rules: { gatesLock: false },
    caughtBy: ['QUE-061', 'QUE-060'],
  },
  {
    name: 'claim that is not counted',
    rules: { addedByClaim: () => 0, bitsOfClaim: () => 0 },
    caughtBy: ['QUE-061'],
  },
  {
    name: 'claim that sets its bits and is not counted',
    rules: { addedByClaim: () => 0 },
    caughtBy: ['gates'],
  },
  {
    name: 'settle that takes nothing off its gates',
    rules: { takenOffBySettle: () => 0 },
    caughtBy: ['gates'],
  },
  {
    name: 'claim under settings that were put anew',
    rules: { isSameVersion: () => true },
    faults: CALM,
    caughtBy: ['QUE-020', 'QUE-061'],
  },
  { name: 'pause ignored', store: ignoresPauses, faults: CALM, caughtBy: ['QUE-020'] },
  {
    name: 'rate counted at half',
    rules: { costOfClaim: (tasks, intervalMs) => (tasks * intervalMs) / 2 },
    faults: CALM,
    caughtBy: ['QUE-060'],
  },
  {
    name: 'rate that pays for what is sent late',
    store: sendsLateWhatARatePaid,
    faults: DELAYS,
    caughtBy: ['QUE-060'],
  },
  { name: 'run past concurrency', store: runsPastConcurrency, caughtBy: ['QUE-061'] },
  {
    name: 'probes of an open circuit at any time',
    rules: { mayProbe: ({ state }) => state === 'circuit-open' },
    faults: DEATHS,
    caughtBy: ['HLD-022'],
  },
  {
    name: 'held targets ignored',
    store: believesNothingIsHeld,
    faults: DEATHS,
    caughtBy: ['HLD-012', 'HLD-022'],
  },
  {
    name: 'parked and forgotten',
    rules: { maySetFree: () => false },
    faults: DEATHS,
    caughtBy: ['HLD-023', 'I1'],
  },
];
