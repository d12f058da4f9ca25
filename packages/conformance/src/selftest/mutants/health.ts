import type { Mutant } from '../mutant.ts';

/** Faults in how hold-backs and circuits of targets are kept apart. */
export const HEALTH_MUTANTS = [
  {
    id: 'dates-hold-nothing-back',
    fault: 'Holds other tasks back only for a `Retry-After` in seconds.',
    check: 'a-pause-until-a-date-holds-back',
  },
  {
    id: 'circuit-opens-for-the-host',
    fault: 'Holds back every port of a host while the circuit of one of them is open.',
    check: 'a-circuit-opens-for-its-origin-alone',
    // Every target of the suite is on one host.
    collateral: ['*'],
  },
  {
    id: 'open-circuit-spends-attempts',
    fault: 'Spends an attempt of a task that waits for an open circuit.',
    check: 'what-waits-for-a-circuit-is-not-spent',
    collateral: ['*'],
  },
] as const satisfies readonly Mutant[];
