import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreparedStatement, Queryable } from './database/database.ts';
import { parkTasks } from './statements/park-tasks.ts';
import { takeProbe } from './statements/take-probe.ts';
import { unparkTasks } from './statements/unpark-tasks.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
  for (let batch = 0; batch < 5; batch += 1)
    await fixture.store.submitBatch(Array.from({ length: 1000 }, () => newTask()));
  const { target, origin } = newTask();
  await fixture.store.holdTarget({ key: target, origin, holdMs: 60_000 });
  await fixture.store.parkTasks({ limit: 2000 });
});
afterAll(() => fixture.close());

const STATEMENTS: Record<string, (database: Queryable) => Promise<unknown>> = {
  'park-tasks': (database) => parkTasks(database, { limit: 1000 }),
  'unpark-tasks': (database) => unparkTasks(database, { limit: 1000, returning: [] }),
  'take-probe': (database) => takeProbe(database, { origin: newTask().origin, leaseMs: 1 }),
};

/** Whole tables of tasks that the statement's plan would read; that of held targets is tiny. */
async function scansOf(name: string): Promise<string[]> {
  let plan = '';
  const explaining: Queryable = {
    query: async (statement: PreparedStatement, values) => {
      const explain = { ...statement, name: `explain-${name}`, text: `EXPLAIN ${statement.text}` };
      const lines = await fixture.database.query(explain, values);
      plan = lines.map((line) => line['QUERY PLAN']).join('\n');
      return [];
    },
  };
  await STATEMENTS[name]?.(explaining);
  expect(plan).toContain('unfinished_tasks');
  return plan.match(/Seq Scan on \S*tasks\S*/g) ?? [];
}

test.each(Object.keys(STATEMENTS))('%s scans no table of tasks, never analysed or analysed', async (name) => {
  expect(await scansOf(name)).toEqual([]);
  const text = 'ANALYZE dispatchr.unfinished_tasks, dispatchr.tasks, dispatchr.held_targets';
  await fixture.database.query({ name: 'analyse', role: 'read', text }, []);
  expect(await scansOf(name)).toEqual([]);
});
