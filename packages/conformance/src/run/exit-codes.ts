import type { CheckResult } from './result.ts';

/** What the process ends with. */
export const EXIT_CODES = {
  conformant: 0,
  violation: 1,
  usage: 2,
  unreachable: 3,
  suiteFault: 4,
  interrupted: 130,
} as const;

/** The exit code of a run that came to results. A violation is one, whatever else the suite did wrong. */
export function exitCodeOf(results: readonly Pick<CheckResult, 'status'>[], interrupted: boolean): number {
  const has = (...statuses: CheckResult['status'][]): boolean =>
    results.some(({ status }) => statuses.includes(status));
  if (interrupted) return EXIT_CODES.interrupted;
  if (has('fail', 'unexpected-pass')) return EXIT_CODES.violation;
  return has('harness-error') ? EXIT_CODES.suiteFault : EXIT_CODES.conformant;
}
