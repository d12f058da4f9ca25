import type { LedgerRule } from './ledger.ts';

/** A rule that was applied, and what it found wrong. */
export type Finding = readonly [rule: LedgerRule, faults: readonly string[]];
