import { createTaskStore } from '@dispatchr/store';
import { openTestDatabase, openTestStore, type TestStore, testStoreOptions } from '@dispatchr/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { steps } from './commands.ts';
import { hesitant } from './hesitant-database.ts';
import { STATE_TABLE } from './model.ts';
import { type Connections, type Figures, replay } from './replay.ts';
import { TOUR } from './tour.ts';

/**
 * How many sequences of commands are tried: `DISPATCHR_MODEL_RUNS=5000` takes minutes.
 * A failure prints the seed and the path; `DISPATCHR_MODEL_SEED` runs it again.
 */
const RUNS = Number(process.env['DISPATCHR_MODEL_RUNS'] ?? 100);
const SEED = process.env['DISPATCHR_MODEL_SEED'];

let fixture: TestStore;
let connections: Connections;
beforeAll(async () => {
  fixture = await openTestStore();
  const { database, hesitateUntil } = hesitant(await openTestDatabase(fixture.url));
  const other = createTaskStore(database, testStoreOptions('other'));
  connections = { stores: [fixture.store, other], database: fixture.database, hesitateUntil };
});
afterAll(async () => {
  await connections.stores[1].close();
  await fixture.close();
});

test('two stores on one database answer and record as the specification says, in one order or the other', async () => {
  const runs: Figures[] = [];
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      runs.push(await replay(sequence, connections));
    }),
    { numRuns: RUNS, examples: [[[...TOUR]]], ...(SEED !== undefined && { seed: Number(SEED) }) },
  );
  const taken = runs.flatMap((run) => run.taken);
  console.info(summaryOf(runs));
  expect(STATE_TABLE.filter((row) => !taken.includes(row))).toEqual([]);
}, 600_000);

function summaryOf(runs: readonly Figures[]): string {
  const counted = (names: readonly string[]) =>
    Object.entries(Object.groupBy(names, (name) => name)).map(([name, all = []]) => `${all.length} ${name}`);
  const kinds = runs.flatMap(({ commands }) =>
    Object.entries(commands).flatMap(([kind, n]) => Array(n).fill(kind)),
  );
  const pairs = runs.reduce((sum, run) => sum + run.pairs, 0);
  return [
    `${runs.length} sequences, ${kinds.length} commands, ${pairs} pairs at the same time`,
    counted(kinds).join(', '),
    ...counted(runs.flatMap(({ taken }) => taken)),
  ].join('\n');
}
