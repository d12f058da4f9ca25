import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PreparedStatement, Queryable } from './database/database.ts';
import { claimDueTasks } from './statements/claim-due-tasks.ts';
import { findDueLanes } from './statements/find-due-lanes.ts';
import { renewLeases } from './statements/renew-leases.ts';
import { settleAttempts } from './statements/settle-attempts.ts';

/**
 * The hot statements must reach their rows by index whatever the planner knows of the tables: statistics taken while
 * the queue was empty once made a claim thirty times dearer.
 */
let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

const leases = Array.from({ length: 100 }, (_, index) => ({ seq: index + 1, lease: index + 1 }));
const settled = leases.map((lease) => ({
  ...lease,
  settlement: { state: 'completed', attemptsUsed: 0 } as const,
  attempt: { outcome: 'completed', durationMs: 1 } as const,
}));
const HOT: Record<string, (database: Queryable) => Promise<unknown>> = {
  'find-due-lanes': findDueLanes,
  'claim-due-tasks': (database) =>
    claimDueTasks(database, {
      queues: [{ queue: 'default', quota: 100, priorities: [2, 1, 0] }],
      scheduler: 's',
      exceptOrigins: ['http://dead.example'],
      originLimits: [{ origin: 'http://127.0.0.1:9', limit: 90 }],
      otherOriginLimit: 90,
    }),
  'renew-leases': (database) => renewLeases(database, leases),
  'settle-attempts': (database) => settleAttempts(database, settled),
};

test.each(Object.keys(HOT))(
  '%s scans no table, never analysed, analysed empty or analysed full',
  async (name) => {
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
    await fill();
    expect(await scansOf(name)).toEqual([]);
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
    await analyse();
    await fill();
    expect(await scansOf(name)).toEqual([]);
    await analyse();
    expect(await scansOf(name)).toEqual([]);
  },
);

test('claim-due-tasks walks a lane by the index of due tasks, and locks what it finds one by one', async () => {
  await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
  await fill();
  for (const known of [() => undefined, analyse]) {
    await known();
    expect(await planOf('claim-due-tasks')).toMatch(
      /LockRows.*\n *-> +Index Scan using unfinished_tasks_due .*\n *Index Cond: .*queue = .*priority = .*due_at <= /,
    );
  }
});

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const analyse = () => run('ANALYZE dispatchr.unfinished_tasks, dispatchr.tasks');

async function fill() {
  for (let batch = 0; batch < 5; batch += 1)
    await fixture.store.submitBatch(Array.from({ length: 1000 }, () => newTask()));
}

/** What the statement's plan would read from end to end; a bitmap by the primary key leads to no other rows. */
async function scansOf(name: string): Promise<string[]> {
  return (await planOf(name)).match(/Seq Scan on \S+|Bitmap Index Scan on (?!\S+_pkey)\S+/g) ?? [];
}

async function planOf(name: string): Promise<string> {
  let plan = '';
  const explaining: Queryable = {
    query: async (statement: PreparedStatement, values) => {
      const explain = { ...statement, name: `explain-${name}`, text: `EXPLAIN ${statement.text}` };
      const lines = await fixture.database.query(explain, values);
      plan = lines.map((line) => line['QUERY PLAN']).join('\n');
      return [];
    },
  };
  await HOT[name]?.(explaining);
  expect(plan).toContain('unfinished_tasks');
  return plan;
}
