import { ACKNOWLEDGING_MUTANTS } from './reliability/acknowledging.ts';
import { CONNECTION_MUTANTS } from './reliability/connections.ts';
import { DELIVERY_MUTANTS } from './reliability/deliveries.ts';
import { FLOW_CONTROL_MUTANTS } from './reliability/flow-control.ts';
import { GUARD_MUTANTS } from './reliability/guards.ts';
import { LEASE_MUTANTS } from './reliability/leases.ts';
import { SCHEDULER_MUTANTS } from './reliability/schedulers.ts';
import type { ReliabilityMutant } from './reliability-mutant.ts';

/** Every fault that is planted against the invariants, with the test that catches it. */
export const RELIABILITY_MUTANTS: readonly ReliabilityMutant[] = [
  ...ACKNOWLEDGING_MUTANTS,
  ...GUARD_MUTANTS,
  ...LEASE_MUTANTS,
  ...SCHEDULER_MUTANTS,
  ...DELIVERY_MUTANTS,
  ...CONNECTION_MUTANTS,
  ...FLOW_CONTROL_MUTANTS,
];
