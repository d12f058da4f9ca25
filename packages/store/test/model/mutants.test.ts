import { createTaskStore } from '@dispatchr/store';
import { openTestDatabase, openTestStore, type TestStore, testStoreOptions } from '@dispatchr/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { steps } from './commands.ts';
import { hesitant, type HesitantDatabase } from './hesitant-database.ts';
import { MUTANTS, plantIn, type SqlMutant } from './mutants.ts';
import { replay } from './replay.ts';
import { TOUR } from './tour.ts';

/** The first sequence is the tour; what that does not see takes a few more. */
const RUNS = 200;
const SEED = 4;

let fixture: TestStore;
let other: HesitantDatabase;
beforeAll(async () => {
  fixture = await openTestStore();
  other = hesitant(await openTestDatabase(fixture.url));
});
afterAll(async () => {
  await other.database.close();
  await fixture.close();
});

test.for(MUTANTS.map((mutant) => [mutant.fault, mutant] as const))(
  'the model sees it when %s',
  async ([, mutant]) => {
    const { failed, error } = await firstFailure(mutant);
    expect(failed).toBe(true);
    expect(error).toContain('expected what one of the orders of these calls explains');
  },
);

/** Unshrunk: that it is seen is enough. */
async function firstFailure(mutant: SqlMutant): Promise<{ failed: boolean; error: string }> {
  const stores = [
    createTaskStore(plantIn(fixture.database, mutant), testStoreOptions('one')),
    createTaskStore(plantIn(other.database, mutant), testStoreOptions('two')),
  ] as const;
  const property = fc.asyncProperty(steps, async (sequence) => {
    await replay(sequence, { stores, database: fixture.database, hesitateUntil: other.hesitateUntil });
  });
  const { failed, errorInstance } = await fc.check(property, {
    numRuns: RUNS,
    seed: SEED,
    endOnFailure: true,
    examples: [[[...TOUR]]],
  });
  return { failed, error: String(errorInstance) };
}
