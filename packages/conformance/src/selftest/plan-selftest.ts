import type { Check } from '../check.ts';
import type { Shard } from '../options/selftest-options.ts';
import { UsageError } from '../run/violation.ts';
import { globTest } from '../selection/glob.ts';
import { hintOf } from '../selection/near-misses.ts';
import type { SelftestJob, Setup } from './job.ts';
import type { Mutant } from './mutant.ts';
import type { Variant } from './variants.ts';

/** What a self-test runs: first the reference as it is, in each setup, then each mutant and each variant. */
export interface SelftestPlan {
  readonly plain: readonly SelftestJob[];
  readonly mutants: readonly (readonly [Mutant, SelftestJob])[];
  readonly variants: readonly (readonly [Variant, SelftestJob])[];
}

export interface PlanInput {
  readonly checks: readonly Check[];
  readonly mutants: readonly Mutant[];
  readonly variants: readonly Variant[];
  /** Globs on ids of mutants, variants and designated checks; none selects all. */
  readonly only: readonly string[];
  readonly designatedOnly: boolean;
  /** Which part of the mutants and variants, of how many; from 1. */
  readonly shard: Shard;
}

/** Makes the plan; throws a `UsageError` if a glob matches nothing. */
export function planSelftest(input: PlanInput): SelftestPlan {
  const { checks, only, designatedOnly, shard } = input;
  const mutants = input.mutants.filter((_, at) => at % shard.of === shard.part - 1);
  const variants = input.variants.filter((_, at) => at % shard.of === shard.part - 1);
  for (const glob of only) assertMatches(glob, input.mutants, input.variants);
  const tests = only.map(globTest);
  const isWanted = (...names: string[]): boolean =>
    tests.length === 0 || tests.some((test) => names.some((name) => test(name)));
  const chosen = mutants.filter(({ id, check }) => isWanted(id, check));
  const designated = new Set(chosen.map(({ check }) => check));
  // What judges the whole run sees nothing without the run.
  const isNarrow = (id: string): boolean =>
    designatedOnly && checks.some((check) => check.id === id && check.runs !== 'last');
  const allNarrow = [...designated].every(isNarrow);
  // The other setups show all other checks.
  const withoutWait = checks.filter((check) => setupFor(check) === 'without-wait').map(({ id }) => id);
  const setups: Setup[] = ['full', 'bare', 'without-wait'];
  return {
    plain: setups.map((setup) => ({
      id: '',
      kind: 'plain',
      setup,
      ...(setup === 'without-wait' ? { checks: withoutWait } : allNarrow ? { checks: [...designated] } : {}),
    })),
    mutants: chosen.map((mutant) => [
      mutant,
      {
        id: mutant.id,
        kind: 'mutant',
        setup: mutant.setup ?? setupFor(checks.find(({ id }) => id === mutant.check)),
        ...(withoutWait.includes(mutant.check)
          ? { checks: withoutWait }
          : isNarrow(mutant.check)
            ? { checks: [mutant.check] }
            : {}),
      },
    ]),
    variants: variants
      .filter(({ id }) => isWanted(id))
      .map((variant) => [variant, { id: variant.id, kind: 'variant', setup: 'full' }]),
  };
}

// A check of what an implementation refuses without a feature shows nothing where the feature is.
function setupFor(check: Check | undefined): Setup {
  if (check?.withoutFeature === undefined) return 'full';
  return check.features === undefined ? 'bare' : 'without-wait';
}

function assertMatches(glob: string, mutants: readonly Mutant[], variants: readonly Variant[]): void {
  const names = [...mutants.flatMap(({ id, check }) => [id, check]), ...variants.map(({ id }) => id)];
  if (names.some(globTest(glob))) return;
  const hint = hintOf(glob, [...new Set(names)].filter(Boolean));
  throw new UsageError(
    `--only ${glob} matches no mutant, no variant and no check that a mutant is meant for${hint}`,
  );
}
