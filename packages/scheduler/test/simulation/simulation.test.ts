import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createCoverage, printCoverage } from './coverage.ts';
import { reportAndShrinkBriefly } from './failing-run.ts';
import { checkInvariants, describeViolations } from './invariants/index.ts';
import { scenarios } from './scenario.ts';
import { describeFailure, readRunParameters } from './seed.ts';
import { simulate, type Scenario } from './simulation.ts';

const FILE = 'packages/scheduler/test/simulation/simulation.test.ts';
const parameters = readRunParameters(260);
const coverage = createCoverage();
/** Of everything that is counted; a run that is repeated by its path is a single one. */
const least = parameters.path === undefined ? 1000 : 0;

afterAll(() => {
  process.stdout.write(`simulation with seed ${parameters.seed}: ${printCoverage(coverage)}\n`);
});

describe('several schedulers on one database, under faults', () => {
  test(
    'keep every invariant, and finish everything once the faults are over',
    { timeout: 600_000 },
    async () => {
      const check = reportAndShrinkBriefly(async (scenario: Scenario) => {
        const history = await simulate(scenario);
        coverage.add(history);
        expect(describeViolations(checkInvariants(history))).toBe('');
      });
      const details = await fc.check(fc.asyncProperty(scenarios(), check), {
        ...parameters,
        plugins: [fc.interruptAfterTimeLimit(500_000)],
      });
      expect(details.failed ? describeFailure(FILE, details) : '').toBe('');
    },
  );

  test('take a million steps', () => {
    expect(coverage.counts.steps).toBeGreaterThanOrEqual(1000 * least);
  });

  test('take every row of the state table a thousand times', () => {
    expect(rareOnes(coverage.rows)).toEqual({});
  });

  test('meet every kind of fault a thousand times', () => {
    expect(rareOnes(coverage.faults)).toEqual({});
  });
});

function rareOnes(counts: ReadonlyMap<string, number>): Record<string, number> {
  return Object.fromEntries([...counts].filter(([, times]) => times < least));
}
