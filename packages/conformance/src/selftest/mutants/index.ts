import type { Mutant } from '../mutant.ts';
import { ANSWER_MUTANTS } from './answers.ts';
import { CONNECTION_MUTANTS } from './connections.ts';
import { DELIVERY_MUTANTS } from './delivery.ts';
import { DURABILITY_MUTANTS } from './durability.ts';
import { FLOW_CONTROL_MUTANTS } from './flow-control.ts';
import { HEALTH_MUTANTS } from './health.ts';
import { IDENTITY_MUTANTS } from './identity.ts';
import { JSON_MUTANTS } from './json.ts';
import { OPERATE_MUTANTS } from './operate.ts';
import { OPERATIONS_MUTANTS } from './operations.ts';
import { OUTCOME_MUTANTS } from './outcomes.ts';
import { PAGING_MUTANTS } from './paging.ts';
import { READING_MUTANTS } from './reading.ts';
import { RETRY_MUTANTS } from './retry.ts';
import { SCHEDULE_TICKS_MUTANTS } from './schedule-ticks.ts';
import { SCHEDULES_MUTANTS } from './schedules.ts';
import { SIGNATURE_MUTANTS } from './signatures.ts';
import { STATES_MUTANTS } from './states.ts';
import { SUBMIT_MUTANTS } from './submit.ts';
import { TARGET_HEALTH_MUTANTS } from './target-health.ts';
import { WAITING_ORDER_MUTANTS } from './waiting-order.ts';
import { WAITING_MUTANTS } from './waiting.ts';

const ALL = [
  ...JSON_MUTANTS,
  ...SUBMIT_MUTANTS,
  ...IDENTITY_MUTANTS,
  ...READING_MUTANTS,
  ...PAGING_MUTANTS,
  ...OPERATIONS_MUTANTS,
  ...OPERATE_MUTANTS,
  ...STATES_MUTANTS,
  ...DELIVERY_MUTANTS,
  ...CONNECTION_MUTANTS,
  ...ANSWER_MUTANTS,
  ...OUTCOME_MUTANTS,
  ...SIGNATURE_MUTANTS,
  ...RETRY_MUTANTS,
  ...DURABILITY_MUTANTS,
  ...FLOW_CONTROL_MUTANTS,
  ...HEALTH_MUTANTS,
  ...TARGET_HEALTH_MUTANTS,
  ...WAITING_ORDER_MUTANTS,
  ...WAITING_MUTANTS,
  ...SCHEDULES_MUTANTS,
  ...SCHEDULE_TICKS_MUTANTS,
] as const;

export type MutantId = (typeof ALL)[number]['id'];

/** Every fault that the reference implementation can be started with. */
export const MUTANTS: readonly (Mutant & { readonly id: MutantId })[] = ALL;
