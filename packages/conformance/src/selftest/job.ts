import type { Status } from '../run/result.ts';

/**
 * How the reference is set up: `full` has every feature, signs, and asks for a token; `bare` has none of that, for the
 * checks of what must be refused or left out without a feature; `without-wait` is `full` but for `wait`, for those of
 * what must be refused without it where another feature is.
 */
export type Setup = 'full' | 'bare' | 'without-wait';

/** One run of the suite against one reference. */
export interface SelftestJob {
  /** The mutant or variant; empty for the reference as it is. */
  readonly id: string;
  /** `coverage` runs each check by itself, and finds out which mutants it could meet. */
  readonly kind: 'plain' | 'mutant' | 'variant' | 'coverage';
  readonly setup: Setup;
  /** The only checks to run; all of them if it is left out. */
  readonly checks?: readonly string[];
  /** Waits long enough for a busy machine. */
  readonly isPatient?: boolean;
}

/** A check that did not pass, as far as a verdict needs it. */
export interface JobFinding {
  readonly check: string;
  readonly status: Status;
  /** What was found, in one line. */
  readonly what: string;
}

/** What a run found. */
export interface JobResult {
  readonly durationMs: number;
  readonly passed: number;
  /** The checks that found a fault, of a SHOULD as well, and those in which the suite went wrong. */
  readonly findings: readonly JobFinding[];
  /** The checks that were not run, and why. */
  readonly unrun: readonly JobFinding[];
  /** What ended the run before its end. */
  readonly crash?: string;
  /** For each check, the mutants whose places in the reference it reached; of the kind `coverage` only. */
  readonly reached?: Readonly<Record<string, readonly string[]>>;
}
