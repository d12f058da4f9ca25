import type { Check } from '../../check.ts';
import { WAITING_FOR_LIMITS_CHECKS } from './limits.ts';
import { WAITING_BY_STATE_CHECKS } from './states.ts';
import { WAITING_FOR_TARGETS_CHECKS } from './targets.ts';

/** Why a pending task is not running: each reason, their order, and where none is shown. */
export const WAITING_CHECKS: readonly Check[] = [
  ...WAITING_BY_STATE_CHECKS,
  ...WAITING_FOR_LIMITS_CHECKS,
  ...WAITING_FOR_TARGETS_CHECKS,
];
