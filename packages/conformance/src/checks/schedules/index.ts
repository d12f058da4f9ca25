import type { Check } from '../../check.ts';
import { CLOCK_CHANGE_CHECKS } from './clock-changes.ts';
import { CRON_CHECKS } from './cron-expressions.ts';
import { OUTAGE_CHECKS } from './outages.ts';
import { OVERLAP_CHECKS } from './overlaps.ts';
import { PAUSE_CHECKS } from './pauses.ts';
import { PUT_CHECKS } from './puts.ts';
import { RESOURCE_CHECKS } from './resource.ts';
import { TICK_CHECKS } from './ticks.ts';
import { UNDECLARED_CHECKS } from './undeclared.ts';

/** Schedules that submit tasks. */
export const SCHEDULES_CHECKS: readonly Check[] = [
  ...RESOURCE_CHECKS,
  ...PUT_CHECKS,
  ...CRON_CHECKS,
  ...CLOCK_CHANGE_CHECKS,
  ...TICK_CHECKS,
  ...PAUSE_CHECKS,
  ...OVERLAP_CHECKS,
  ...OUTAGE_CHECKS,
  ...UNDECLARED_CHECKS,
];
