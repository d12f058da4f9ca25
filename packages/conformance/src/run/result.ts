import type { Check } from '../check.ts';
import type { TimelineEntry } from './timeline.ts';

/** How a check ended. */
export type Status =
  | 'pass'
  | 'fail'
  /** A SHOULD is not kept, or something conforms and is still not as it should be. */
  | 'warn'
  /** It says nothing about this implementation: a feature is not declared, or a limit leaves no room for it. */
  | 'not-applicable'
  /** A check that it builds on did not pass. */
  | 'blocked'
  /** It needs an option that was not given. */
  | 'not-exercised'
  /** It failed, as the baseline says. */
  | 'expected-fail'
  /** It passed, though the baseline says that it fails: the baseline is stale. */
  | 'unexpected-pass'
  /** The suite itself went wrong. */
  | 'harness-error';

export interface Fault {
  readonly requirement: string;
  readonly what: string;
  readonly expected?: string;
  readonly got?: string;
}

export interface CheckResult {
  readonly check: Check;
  readonly status: Status;
  readonly durationMs: number;
  readonly fault?: Fault;
  readonly warnings: readonly string[];
  /** Why it was not run, or what went wrong in the suite. */
  readonly reason?: string;
  readonly timeline: readonly TimelineEntry[];
  /** The command that sends the latest request once more. */
  readonly curl?: string;
}
