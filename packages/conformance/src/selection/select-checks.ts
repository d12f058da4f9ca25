import type { Check } from '../check.ts';
import { UsageError } from '../run/violation.ts';
import { globTest } from './glob.ts';
import { hintOf } from './near-misses.ts';

/** What `--only`, `--skip` and `--feature` gave: globs on ids of checks or of requirements, and names of features. */
export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  readonly features: readonly string[];
}

/** The checks that a selection leaves, in their order; throws a `UsageError` if a pattern matches none, or none is left. */
export function selectChecks(checks: readonly Check[], { only, skip, features }: Selection): Check[] {
  const named = (pattern: string, option: string): Set<Check> => matching(checks, pattern, option);
  const wanted = only.length === 0 ? new Set(checks) : union(only.map((each) => named(each, '--only')));
  const unwanted = union(skip.map((each) => named(each, '--skip')));
  const featured = features.length === 0 ? wanted : union(features.map((each) => aboutFeature(checks, each)));
  const left = checks.filter((check) => wanted.has(check) && featured.has(check) && !unwanted.has(check));
  if (left.length === 0) throw new UsageError('--only, --feature and --skip together leave no check to run');
  return left;
}

/** True if nothing was left out: what such a run finds is about the whole profile. */
export function isWhole({ only, skip, features }: Selection): boolean {
  return only.length + skip.length + features.length === 0;
}

function matching(checks: readonly Check[], pattern: string, option: string): Set<Check> {
  const test = globTest(pattern);
  const found = checks.filter(({ id, covers }) => test(id) || Object.keys(covers).some((each) => test(each)));
  if (found.length > 0) return new Set(found);
  const names = checks.flatMap(({ id, covers }) => [id, ...Object.keys(covers)]);
  const hint = hintOf(pattern, [...new Set(names)]);
  throw new UsageError(
    `${option} ${pattern} matches no check and no requirement that a check covers${hint}; \`dispatchr-conformance list\` shows them all`,
  );
}

function aboutFeature(checks: readonly Check[], feature: string): Set<Check> {
  const found = checks.filter(
    (check) => check.features?.includes(feature) === true || check.withoutFeature === feature,
  );
  if (found.length > 0) return new Set(found);
  const known = checks.flatMap(({ features = [], withoutFeature = [] }) => [
    ...features,
    ...[withoutFeature].flat(),
  ]);
  throw new UsageError(
    `--feature ${feature}: no check is about it, expected one of ${[...new Set(known)].toSorted().join(', ')}`,
  );
}

function union<T>(sets: readonly ReadonlySet<T>[]): Set<T> {
  return new Set(sets.flatMap((each) => [...each]));
}
