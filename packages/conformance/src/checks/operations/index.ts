import type { Check } from '../../check.ts';
import { ATTEMPT_CHECKS } from './attempts.ts';
import { CANCEL_RUNNING_CHECKS } from './cancel-running.ts';
import { CANCEL_CHECKS } from './cancel.ts';
import { DELETE_CHECKS } from './delete.ts';
import { EXPIRY_CHECKS } from './expiry.ts';
import { ORDER_CHECKS } from './order.ts';
import { RELEASED_CHECKS } from './released.ts';
import { RETRY_BUDGET_CHECKS } from './retry-budget.ts';
import { RETRY_CHECKS } from './retry.ts';
import { RUN_CHECKS } from './run.ts';
import { STATE_CHECKS } from './states.ts';
import { TIME_CHECKS } from './time.ts';
import { WHOLE_RUN_CHECKS } from './whole-run.ts';

/** States and attempt numbers, time, and what an operator does to a task. */
export const OPERATIONS_CHECKS: readonly Check[] = [
  ...STATE_CHECKS,
  ...ATTEMPT_CHECKS,
  ...CANCEL_CHECKS,
  ...CANCEL_RUNNING_CHECKS,
  ...RUN_CHECKS,
  ...RETRY_CHECKS,
  ...RETRY_BUDGET_CHECKS,
  ...DELETE_CHECKS,
  ...TIME_CHECKS,
  ...EXPIRY_CHECKS,
  ...ORDER_CHECKS,
  ...RELEASED_CHECKS,
  ...WHOLE_RUN_CHECKS,
];
