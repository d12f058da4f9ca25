import type { ReportTarget } from './parse-values.ts';

/** The options of `selftest`. */
export interface SelftestOptions {
  readonly only: readonly string[];
  readonly jobs: number;
  readonly designatedOnly: boolean;
  readonly shard: Shard;
  readonly report: readonly ReportTarget[];
}

/** One of several parts that different machines run; counted from 1. */
export interface Shard {
  readonly part: number;
  readonly of: number;
}

/** The options of `reference`. */
export interface ReferenceCommandOptions {
  readonly mutant: readonly string[];
  readonly variant: readonly string[];
  readonly signingSecret: readonly string[];
  readonly feature?: readonly string[];
  readonly token?: string;
}
