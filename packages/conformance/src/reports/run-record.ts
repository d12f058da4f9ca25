import type { CheckResult, Status } from '../run/result.ts';
import type { SuiteReport } from '../run/run-suite.ts';

/** Everything that the reports tell of a run, or of several with `--repeat`. */
export interface RunRecord {
  /** The first run's; with `--repeat`, the results of all runs are merged in `results`. */
  readonly suite: SuiteReport;
  readonly results: readonly MergedResult[];
  readonly toolVersion: string;
  /** The frozen set of requirements that the implementation was judged by, for example `1.0`. */
  readonly requirementSet: string;
  readonly durationMs: number;
  readonly repeat: number;
  readonly exitCode: number;
  /** Why the run says nothing about the whole profile; empty if it does. */
  readonly incompleteBecause: readonly string[];
}

/** The result of a check over all runs: the worst of them. */
export interface MergedResult extends CheckResult {
  /** How each run ended; only with `--repeat`. */
  readonly runs?: readonly Status[];
}

/** The statuses, worst first. */
export const STATUSES: readonly Status[] = [
  'fail',
  'unexpected-pass',
  'harness-error',
  'blocked',
  'warn',
  'expected-fail',
  'not-exercised',
  'pass',
  'not-applicable',
];

/** How many results have each status, worst first; statuses that none has are left out. */
export function countsOf(results: readonly Pick<CheckResult, 'status'>[]): [status: Status, count: number][] {
  return STATUSES.map((status): [Status, number] => [
    status,
    results.filter((each) => each.status === status).length,
  ]).filter(([, count]) => count > 0);
}

/** Merges the results of several runs, check by check: the worst one stands, and a flake is named. */
export function mergeRuns(runs: readonly (readonly CheckResult[])[]): MergedResult[] {
  if (runs.length === 1) return [...(runs[0] ?? [])];
  const ids = [...new Set(runs.flatMap((results) => results.map(({ check }) => check.id)))];
  return ids.flatMap((id) => {
    const own = runs.flatMap((results) => results.filter(({ check }) => check.id === id));
    const [worst] = own.toSorted((a, b) => STATUSES.indexOf(a.status) - STATUSES.indexOf(b.status));
    if (worst === undefined) return [];
    const same = own.filter(({ status }) => status === worst.status).length;
    const flake = `${worst.status} in ${same} of ${own.length} runs: a flake`;
    const warnings = same === own.length ? worst.warnings : [...worst.warnings, flake];
    return [{ ...worst, warnings, runs: own.map(({ status }) => status) }];
  });
}
