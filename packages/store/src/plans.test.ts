import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ConnectionRole, Queryable } from './database/database.ts';
import { claimDueTasks } from './statements/claim-due-tasks.ts';
import { claimFlowKeys } from './statements/claim-flow-keys.ts';
import { findDueFlowKeys } from './statements/find-due-flow-keys.ts';
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

const SINCES = [2, 1, 0].map((day) => new Date(Date.UTC(2026, 0, day + 1)));

const leases = Array.from({ length: 100 }, (_, index) => ({ seq: index + 1, lease: index + 1 }));
const settled = leases.map((lease) => ({
  ...lease,
  settlement: { state: 'completed', attemptsUsed: 0 } as const,
  attempt: { outcome: 'completed', durationMs: 1 } as const,
}));
const HOT: Record<string, (database: Queryable) => Promise<unknown>> = {
  'find-due-lanes': (database) => findDueLanes(database),
  'look-at-lanes': (database) =>
    findDueLanes(database, [{ queue: 'default', priority: 0, since: new Date() }]),
  'claim-due-tasks': (database) =>
    claimDueTasks(database, {
      queues: [{ queue: 'default', quota: 100, priorities: [2, 1, 0], sinces: SINCES, version: '' }],
      scheduler: 's',
      exceptOrigins: ['http://dead.example'],
      heldUrls: [{ origin: 'http://busy.example', url: 'http://busy.example/a' }],
      originLimits: [{ origin: 'http://127.0.0.1:9', limit: 90 }],
      otherOriginLimit: 90,
    }),
  'find-due-flow-keys': (database) =>
    findDueFlowKeys(database, [{ queue: 'default', priorities: [2, 1, 0], after: '', most: 500 }]),
  'claim-flow-keys': (database) =>
    claimFlowKeys(database, {
      shares: Array.from({ length: 100 }, (_, index) => ({
        queue: 'default',
        flowKey: `key-${index}`,
        quota: 1,
        queueQuota: 100,
        priorities: [2, 1, 0],
        version: '',
      })),
      gates: [{ queue: 'default', flowKey: '', maxConcurrency: 5 }],
      scheduler: 's',
      exceptOrigins: ['http://dead.example'],
      heldUrls: [{ origin: 'http://busy.example', url: 'http://busy.example/a' }],
      originLimits: [],
      otherOriginLimit: 90,
    }),
  'renew-leases': (database) => renewLeases(database, leases),
  'settle-attempts': (database) => settleAttempts(database, settled),
};

test.each(Object.keys(HOT))(
  '%s scans no table, never analysed, analysed empty or analysed full, behind a pooler that takes no settings',
  async (name) => {
    // Connections of this role ask for no plans by index, as none does there.
    const scans = () => scansOf(name, 'read');
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
    await fill();
    expect(await scans()).toEqual([]);
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
    await analyse();
    await fill();
    expect(await scans()).toEqual([]);
    await analyse();
    expect(await scans()).toEqual([]);
  },
);

test.each(Object.keys(HOT))(
  '%s is planned by index while the tables are empty, for that plan is kept for minutes',
  async (name) => {
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
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
      /LockRows.*\n *-> +Index Scan using unfinished_tasks_due .*\n *Index Cond: .*queue = .*priority = .*due_at >= .*due_at <= /,
    );
  }
});

test.each(['find-due-flow-keys', 'claim-flow-keys'])(
  '%s walks a flow key by the index of turns',
  async (name) => {
    await run('TRUNCATE dispatchr.unfinished_tasks, dispatchr.tasks');
    await fill();
    for (const known of [() => undefined, analyse]) {
      await known();
      const plan = await planOf(name);
      expect(plan).toMatch(
        /Index Scan using unfinished_tasks_turns .*\n *Index Cond: .*ROW\(flow_key, priority, due_at\) >= /,
      );
      expect(plan).not.toContain('unfinished_tasks_due');
    }
  },
);

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const analyse = () => run('ANALYZE dispatchr.unfinished_tasks, dispatchr.tasks');

async function fill() {
  for (let batch = 0; batch < 5; batch += 1)
    await fixture.store.submitBatch(Array.from({ length: 1000 }, () => newTask()));
}

/** What the statement's plans would read from end to end; a bitmap by the primary key leads to no other rows. */
async function scansOf(name: string, role?: ConnectionRole): Promise<string[]> {
  return (
    (await planOf(name, role)).match(
      /Seq Scan on (?!queues|flow_keys|gates)\S+|Bitmap Index Scan on (?!\S+_pkey)\S+/g,
    ) ?? []
  );
}

/** The plan for these parameters, and the one for any: which of them PostgreSQL takes is its own choice. */
async function planOf(name: string, role: ConnectionRole = 'claim'): Promise<string> {
  const plans: string[] = [];
  const explaining: Queryable = {
    query: async ({ text }, values) => {
      const given = values.length > 0 ? `(${values.map(toLiteral).join(', ')})` : '';
      for (const mode of ['force_custom_plan', 'force_generic_plan'])
        plans.push(await explain(role, mode, text, given));
      return [];
    },
  };
  await HOT[name]?.(explaining);
  expect(plans.every((plan) => plan.includes('unfinished_tasks'))).toBe(true);
  return plans.join('\n\n');
}

/** Only what SQL itself prepares is explained with the plan for any parameters. */
function explain(role: ConnectionRole, mode: string, text: string, given: string): Promise<string> {
  return fixture.database.transaction(role, async (transaction) => {
    const query = (sql: string) =>
      transaction.query({ name: `plans-${sql}`.slice(0, 40), role, text: sql }, []);
    await query(`SET LOCAL plan_cache_mode = ${mode}`);
    await query(`PREPARE explained AS ${text}`);
    const lines = await query(`EXPLAIN EXECUTE explained${given}`);
    await query('DEALLOCATE explained');
    return lines.map((line) => line['QUERY PLAN']).join('\n');
  });
}

function toLiteral(value: unknown): string {
  if (value === null) return 'NULL';
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return `'${text.replaceAll("'", "''")}'`;
}
