import type { CheckResult } from '../run/result.ts';
import type { Discovery } from '../run/discovery.ts';
import set10 from './1.0.json' with { type: 'json' };

/** What a version of the specification demands, frozen once it is released: later checks only advise. */
export interface RequirementSet {
  readonly specVersion: string;
  /** False while the version may still grow. */
  readonly released: boolean;
  /** The hash of each requirement's text, by id. */
  readonly requirements: Readonly<Record<string, string>>;
  readonly checks: readonly string[];
}

/** Every set, oldest first; the last one is the newest. */
export const REQUIREMENT_SETS: readonly [RequirementSet, ...RequirementSet[]] = [set10];

/** The set that an implementation is judged by: of the newest version that it claims and that the suite knows, or the newest. */
export function requirementSetFor({ specVersions }: Pick<Discovery, 'specVersions'>): RequirementSet {
  const claimed = REQUIREMENT_SETS.filter(({ specVersion }) => specVersions.includes(specVersion));
  return claimed.at(-1) ?? REQUIREMENT_SETS.at(-1) ?? REQUIREMENT_SETS[0];
}

/** The result of a check by a set: what a released version did not demand yet only warns. */
export function againstSet(
  result: CheckResult,
  { specVersion, released, checks }: RequirementSet,
): CheckResult {
  if (!released || result.status !== 'fail' || checks.includes(result.check.id)) return result;
  const advice = `advisory until the next version: ${specVersion} does not hold this check`;
  return { ...result, status: 'warn', warnings: [...result.warnings, advice] };
}
