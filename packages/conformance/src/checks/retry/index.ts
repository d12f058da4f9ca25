import type { Check } from '../../check.ts';
import { RETRY_BACKOFF_CHECKS } from './backoff.ts';
import { RETRY_BUDGET_CHECKS } from './budget.ts';
import { RETRY_DEFAULT_CHECKS } from './defaults.ts';
import { DURABILITY_CHECKS } from './durability.ts';
import { IN_FLIGHT_CHECKS } from './in-flight.ts';
import { LOST_LEASE_CHECKS } from './lost-leases.ts';
import { RETRY_AFTER_DATE_CHECKS } from './retry-after-dates.ts';
import { RETRY_AFTER_CHECKS } from './retry-after.ts';
import { SHUTDOWN_CHECKS } from './shutdown.ts';

/** Retries, leases and what survives: RTY, LEA and DUR. */
export const RETRY_CHECKS: readonly Check[] = [
  ...RETRY_DEFAULT_CHECKS,
  ...RETRY_BACKOFF_CHECKS,
  ...RETRY_BUDGET_CHECKS,
  ...RETRY_AFTER_CHECKS,
  ...RETRY_AFTER_DATE_CHECKS,
  ...IN_FLIGHT_CHECKS,
  ...DURABILITY_CHECKS,
  ...LOST_LEASE_CHECKS,
  ...SHUTDOWN_CHECKS,
];
