import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkInvariants, describeViolations } from './invariants/index.ts';
import { FLOW_MUTANTS } from './flow-mutants.ts';
import { MUTANTS, type Mutant } from './mutants.ts';
import { scenarios } from './scenario.ts';
import { readRunParameters } from './seed.ts';
import { simulate, type Planted, type Scenario } from './simulation.ts';

/** Runs after which a mutant that nobody noticed counts as missed. */
const MOST_RUNS = 240;

/** Smaller than those of the healthy program: a mutant that is worth a name shows soon. */
const SIZE = { tasks: 300, spreadMs: 200_000, strikes: 100, changes: 20 };

const { seed } = readRunParameters(MOST_RUNS);

const ALL: readonly Mutant[] = [...MUTANTS, ...FLOW_MUTANTS];

describe('a planted fault', () => {
  const kinds = [...new Set(ALL.map(({ faults }) => faults))];

  test.each(kinds)('is all that is noticed, under %j', { timeout: 120_000 }, async (faults) => {
    for (const scenario of fc.sample(scenarios(SIZE, faults), { seed, numRuns: 10 })) {
      expect(describeViolations(checkInvariants(await simulate(scenario)))).toBe('');
    }
  });

  test.each(ALL)('is noticed: $name', { timeout: 120_000 }, async ({ caughtBy, faults, ...planted }) => {
    const runs = fc.sample(scenarios(SIZE, faults), { seed, numRuns: MOST_RUNS });
    const noticed = await firstNoticed(runs, planted, caughtBy);
    expect(noticed, `seed ${seed}`).toEqual(expect.stringMatching(new RegExp(`^(${caughtBy.join('|')}) `)));
  });
});

/** The invariant that notices first, among those that should. */
async function firstNoticed(
  runs: readonly Scenario[],
  planted: Planted,
  caughtBy: readonly string[],
): Promise<string | undefined> {
  const others = new Set<string>();
  for (const scenario of runs) {
    const violations = checkInvariants(await simulate(scenario, planted));
    const expected = violations.find(({ invariant }) => caughtBy.includes(invariant.split(' ').at(0)!));
    if (expected !== undefined) return expected.invariant;
    for (const { invariant } of violations) others.add(invariant);
  }
  return others.size === 0 ? undefined : `none but ${[...others].join(', ')}`;
}
