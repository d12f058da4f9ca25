import type { Check } from '../check.ts';
import { DELIVERY_CHECKS } from './delivery/index.ts';
import { FLOW_CONTROL_CHECKS } from './flow-control/index.ts';
import { HEALTH_CHECKS } from './health/index.ts';
import { IDENTITY_CHECKS } from './identity/index.ts';
import { JSON_CHECKS } from './json/index.ts';
import { OPERATIONS_CHECKS } from './operations/index.ts';
import { RETRY_CHECKS } from './retry/index.ts';
import { SCHEDULES_CHECKS } from './schedules/index.ts';
import { SUBMIT_CHECKS } from './submit/index.ts';
import { WAITING_CHECKS } from './waiting/index.ts';

/** Every check of the suite, in the order of the report. */
export const CHECKS: readonly Check[] = [
  ...SUBMIT_CHECKS,
  ...DELIVERY_CHECKS,
  ...IDENTITY_CHECKS,
  ...RETRY_CHECKS,
  ...OPERATIONS_CHECKS,
  ...JSON_CHECKS,
  ...FLOW_CONTROL_CHECKS,
  ...HEALTH_CHECKS,
  ...WAITING_CHECKS,
  ...SCHEDULES_CHECKS,
];
