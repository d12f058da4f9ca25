import fc from 'fast-check';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import type { Scenario } from './simulation.ts';
import type { Strike } from './strikes.ts';

/** A number that only chance has a use for: a smaller one is no simpler. */
const chance = fc.noShrink(fc.nat({ max: 2 ** 31 - 1 }));

const strike = (spreadMs: number, kinds: readonly FaultKind[]): fc.Arbitrary<Strike> =>
  fc.record({
    kind: fc.constantFrom(...kinds),
    atMs: fc.integer({ min: 0, max: spreadMs }),
    pick: chance,
  });

/** Scenarios from nothing at all to many tasks and a fault every few hundred milliseconds. */
export function scenarios(most: Size = LARGE, kinds: readonly FaultKind[] = OFTEN): fc.Arbitrary<Scenario> {
  const scenario = fc.record({
    seed: chance,
    schedulers: fc.integer({ min: 1, max: 4 }),
    tasks: fc.integer({ min: 0, max: most.tasks }),
    spreadMs: fc.constant(most.spreadMs),
    strikes: fc.array(strike(most.spreadMs, kinds), { maxLength: most.strikes, size: 'max' }),
  });
  // Bias looks for edges of numbers; here it would only make the runs small.
  return fc.noBias(scenario);
}

/** Some take effect only where there is something to strike, so they are drawn twice as often. */
const OFTEN: readonly FaultKind[] = [
  ...FAULT_KINDS,
  'kill-at-delivery',
  'kill-at-answer',
  'target-resets',
  'target-hangs',
  'target-outlives-lease',
  'target-answer-lost',
  'cancel-races-answer',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'kill-before-call',
  'kill-after-call',
  'kill-during-call',
  'hint-lost',
  'answer-lost',
  'call-slow',
  'answer-late',
];

/** The most of everything. */
export interface Size {
  readonly tasks: number;
  readonly spreadMs: number;
  readonly strikes: number;
}

const LARGE: Size = { tasks: 1100, spreadMs: 200_000, strikes: 800 };
