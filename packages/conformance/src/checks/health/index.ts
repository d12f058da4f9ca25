import type { Check } from '../../check.ts';
import { CIRCUIT_CHECKS } from './circuits.ts';
import { HOLD_BACK_CHECKS } from './hold-backs.ts';
import { LISTING_CHECKS } from './listing.ts';
import { PROBE_CHECKS } from './probes.ts';

/** The health of targets: what is held back, circuits, and probes. */
export const HEALTH_CHECKS: readonly Check[] = [
  ...LISTING_CHECKS,
  ...HOLD_BACK_CHECKS,
  ...CIRCUIT_CHECKS,
  ...PROBE_CHECKS,
];
