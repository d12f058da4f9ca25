import type { Check } from '../../check.ts';
import { FLOW_KEY_CHECKS } from './flow-keys.ts';
import { LIMIT_CHECKS } from './limits.ts';
import { QUEUE_CHECKS } from './queues.ts';
import { RATE_CHECKS } from './rates.ts';
import { REFUSAL_CHECKS } from './refusals.ts';
import { RUN_CHECKS } from './runs.ts';
import { SETTING_CHECKS } from './settings.ts';
import { TARGET_CHECKS } from './targets.ts';
import { WAITING_CHECKS } from './waiting.ts';

/** Queues, flow keys, the health of targets, and why a task waits. */
export const FLOW_CONTROL_CHECKS: readonly Check[] = [
  ...QUEUE_CHECKS,
  ...SETTING_CHECKS,
  ...LIMIT_CHECKS,
  ...RATE_CHECKS,
  ...RUN_CHECKS,
  ...FLOW_KEY_CHECKS,
  ...REFUSAL_CHECKS,
  ...TARGET_CHECKS,
  ...WAITING_CHECKS,
];
