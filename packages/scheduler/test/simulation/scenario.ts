import fc from 'fast-check';
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts';
import { CHANGE_KINDS, type PlannedChange } from './settings-changes.ts';
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

const change = (spreadMs: number): fc.Arbitrary<PlannedChange> =>
  fc.record({
    kind: fc.constantFrom(...CHANGE_KINDS, 'pause', 'pause'),
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
    changes: fc.array(change(most.spreadMs), { maxLength: most.changes, size: 'max' }),
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
  'target-resets',
  'target-hangs',
  'target-hangs',
  'target-outlives-lease',
  'target-outlives-lease',
  'target-answer-lost',
  'target-answer-lost',
  'kill-at-delivery',
  'kill-at-answer',
  'cancel-races-answer',
  'cancel-races-answer',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'terminate',
  'target-dies',
  'call-lost',
  'call-late',
  'cut-in-commit',
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
  readonly changes: number;
}

const LARGE: Size = { tasks: 640, spreadMs: 200_000, strikes: 900, changes: 60 };
