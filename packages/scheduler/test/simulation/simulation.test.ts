import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { createCoverage, printCoverage } from './coverage.ts';
import { reportAndShrinkBriefly } from './failing-run.ts';
import { checkInvariants, describeViolations } from './invariants/index.ts';
import { scenarios } from './scenario.ts';
import { describeFailure, readRunParameters } from './seed.ts';
import { simulate, type Scenario } from './simulation.ts';

const FILE = 'packages/scheduler/test/simulation/simulation.test.ts';
const parameters = readRunParameters(235);
const coverage = createCoverage();
/** Of everything that is counted; a run that is repeated by its path is a single one. */
const least = parameters.path === undefined ? 1000 : 0;
/** Some ends of an attempt take a stop, an expiry and a cancel at once. */
const leastOfRows = least / 2;
/** A circuit takes 20 failures in a row that one process sees, and processes do not live for long here. */
const leastCircuits = least / 10;

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

  test('take every row of the state table five hundred times', () => {
    expect(rareOnes(coverage.rows, leastOfRows)).toEqual({});
  });

  test('meet every kind of fault a thousand times', () => {
    expect(rareOnes(coverage.faults)).toEqual({});
  });

  test('meet everything of flow control five hundred times', () => {
    const [circuits = new Map(), others = new Map()] = parted(
      coverage.flowEvents,
      (event) => event.startsWith('circuit') || event === 'probe',
    );
    expect(rareOnes(others, leastOfRows)).toEqual({});
    expect(rareOnes(circuits, leastCircuits)).toEqual({});
  });
});

function rareOnes(counts: ReadonlyMap<string, number>, most = least): Record<string, number> {
  return Object.fromEntries([...counts].filter(([, times]) => times < most));
}

function parted<T>(counts: ReadonlyMap<string, T>, isFirst: (name: string) => boolean): Map<string, T>[] {
  return [true, false].map((first) => new Map([...counts].filter(([name]) => isFirst(name) === first)));
}
