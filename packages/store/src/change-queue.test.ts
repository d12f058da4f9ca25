import { DatabaseUnavailableError, createTaskStore, type Database, type TaskStore } from '@dispatchr/store';
import {
  newTask,
  openTestDatabase,
  openTestStore,
  type TestStore,
  testStoreOptions,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { claimDueTasks } from './statements/claim-due-tasks.ts';
import { lockQueueSettings } from './statements/lock-queue-settings.ts';
import { stopClaims } from './statements/stop-claims.ts';

let fixture: TestStore;
let otherDatabase: Database;
let other: TaskStore;
beforeAll(async () => {
  fixture = await openTestStore();
  otherDatabase = await openTestDatabase(fixture.url);
  other = createTaskStore(otherDatabase, testStoreOptions('other'));
});
afterAll(async () => {
  await other.close();
  await fixture.close();
});

test('a put changes what it names, and null brings the default back', async () => {
  const queue = crypto.randomUUID();
  const { store } = fixture;
  await store.putQueue(queue, {
    weight: 6,
    paused: true,
    rateLimit: { perSecond: 0.5, burst: 3 },
    flowLimits: { maxConcurrency: 2, rateLimit: { perSecond: 7 } },
    retry: { maxAttempts: 2 },
    timeoutMs: 5,
  });
  await store.putQueue(queue, { maxConcurrency: 4, rateLimit: { perSecond: 9 }, weight: null });
  expect(
    await store.putQueue(queue, { flowLimits: { maxConcurrency: 1 }, retry: null, paused: null }),
  ).toEqual({
    name: queue,
    paused: false,
    maxConcurrency: 4,
    rateLimit: { perSecond: 9 },
    flowLimits: { maxConcurrency: 1 },
    timeoutMs: 5,
    pending: 0,
    due: 0,
    running: 0,
  });
});

test('puts of different settings at the same time lose none of them', async () => {
  const queue = crypto.randomUUID();
  await Promise.all([
    fixture.store.putQueue(queue, { weight: 5 }),
    other.putQueue(queue, { maxConcurrency: 5 }),
    fixture.store.putQueue(queue, { timeoutMs: 5 }),
    other.putFlowKey(queue, 'a', { maxConcurrency: 5 }),
  ]);
  expect(await fixture.store.findQueue(queue)).toMatchObject({ weight: 5, maxConcurrency: 5, timeoutMs: 5 });
});

test('a queue with a limit has a gate from the put on', async () => {
  const queue = crypto.randomUUID();
  await fixture.store.putQueue(queue, { weight: 2 });
  expect(await gatesOf(queue)).toEqual([]);
  await fixture.store.putQueue(queue, { rateLimit: { perSecond: 1 } });
  expect(await gatesOf(queue)).toEqual([{ flow_key: '', in_flight: 0 }]);
});

test('a concurrency limit that comes counts what is running, once', async () => {
  const { queue } = await running({ a: 2, b: 1 }, 2);
  await fixture.store.putQueue(queue, { maxConcurrency: 1 });
  expect(await gatesOf(queue)).toEqual([{ flow_key: '', in_flight: 3 }]);
  await fixture.store.putQueue(queue, { maxConcurrency: null });
  await fixture.store.putQueue(queue, { maxConcurrency: 9, flowLimits: { maxConcurrency: 1 } });
  expect(await gatesOf(queue)).toEqual([
    { flow_key: '', in_flight: 3 },
    { flow_key: 'a', in_flight: 2 },
    { flow_key: 'b', in_flight: 1 },
  ]);
  await expectCounted(queue);
});

test('a limit of one flow key counts the running tasks of that key alone', async () => {
  const { queue } = await running({ a: 2, b: 1 }, 0);
  const put = await fixture.store.putFlowKey(queue, 'a', { maxConcurrency: 1 });
  expect(put).toEqual({ flowKey: 'a', maxConcurrency: 1, pending: 0, due: 0, running: 2 });
  expect(await gatesOf(queue)).toEqual([{ flow_key: 'a', in_flight: 2 }]);
});

test('claims and settles that race with puts are counted exactly', async () => {
  const queue = crypto.randomUUID();
  await submit(queue, { a: 40, b: 40 });
  const held: { seq: number; lease: number }[] = [];
  const claim = async (store: TaskStore) => {
    for (let round = 0; round < 8; round += 1)
      held.push(...(await store.claimDueTasks(claimOf(queue, 5, await versionOf(queue)))));
  };
  const put = async () => {
    await fixture.store.putQueue(queue, { maxConcurrency: 100 });
    await fixture.store.putFlowKey(queue, 'a', { maxConcurrency: 100 });
    await fixture.store.putQueue(queue, { flowLimits: { maxConcurrency: 100 } });
  };
  await Promise.all([claim(fixture.store), claim(other), put()]);
  // Plain claims of a limited queue are nobody's: they show that a put counts what it finds and nothing twice.
  await fixture.store.putQueue(queue, { maxConcurrency: null, flowLimits: null });
  await fixture.store.putFlowKey(queue, 'a', { maxConcurrency: null });
  await Promise.all([
    ...held.map(({ seq, lease }) => other.settleAttempt(completed(seq, lease))),
    fixture.store.putQueue(queue, { maxConcurrency: 7, flowLimits: { maxConcurrency: 7 } }),
  ]);
  expect(held.length).toBeGreaterThan(0);
  await expectCounted(queue);
});

test('a claim that was prepared before a put claims nothing', async () => {
  const queue = crypto.randomUUID();
  await submit(queue, { a: 1 });
  const before = await versionOf(queue);
  await fixture.store.putQueue(queue, { maxConcurrency: 1 });
  expect(await other.claimDueTasks(claimOf(queue, 1, before))).toEqual([]);
  const between = await versionOf(queue);
  await fixture.store.putFlowKey(queue, 'a', { maxConcurrency: 1 });
  expect(await other.claimDueTasks(claimOf(queue, 1, between))).toEqual([]);
});

test('a claim under way is waited for when a limit comes, and counted', async () => {
  const queue = crypto.randomUUID();
  await submit(queue, { a: 1 });
  let put: Promise<unknown> | undefined;
  await otherDatabase.transaction('claim', async (transaction) => {
    expect(await claimDueTasks(transaction, claimOf(queue, 1, ''))).toHaveLength(1);
    put = fixture.store.putQueue(queue, { maxConcurrency: 1 });
    await untilBlocked();
  });
  await put;
  expect(await gatesOf(queue)).toEqual([{ flow_key: '', in_flight: 1 }]);
});

test('a claim that waited for a put goes by the settings that the put left', async () => {
  const queue = crypto.randomUUID();
  await submit(queue, { a: 1 });
  let claim: Promise<unknown> | undefined;
  await otherDatabase.transaction('read', async (transaction) => {
    await lockQueueSettings(transaction, queue);
    await stopClaims(transaction);
    claim = fixture.store.claimDueTasks(claimOf(queue, 1, ''));
    await untilBlocked();
  });
  expect(await claim).toEqual([]);
});

test('a put that cannot count what runs changes nothing and says so', async () => {
  const { queue } = await running({ a: 1 }, 0);
  const failed = await whileTasksAreWritten(() =>
    fixture.store.putQueue(queue, { maxConcurrency: 1, weight: 9 }).catch((error: unknown) => error),
  );
  expect(failed).toBeInstanceOf(DatabaseUnavailableError);
  expect((failed as Error).message).toContain('nothing was changed');
  expect(await fixture.store.findQueue(queue)).not.toHaveProperty('weight');
  await fixture.store.putQueue(queue, { maxConcurrency: 1 });
  await expectCounted(queue);
});

test('a put without a new concurrency limit waits for nobody', async () => {
  const queue = crypto.randomUUID();
  await fixture.store.putQueue(queue, { maxConcurrency: 1 });
  await whileTasksAreWritten(() =>
    fixture.store.putQueue(queue, { weight: 2, maxConcurrency: 5, rateLimit: { perSecond: 5 } }),
  );
  expect(await fixture.store.findQueue(queue)).toMatchObject({ weight: 2, maxConcurrency: 5 });
});

test('a faster rate is not held up by what a slower one has counted', async () => {
  const queue = crypto.randomUUID();
  await fixture.store.putQueue(queue, {
    rateLimit: { perSecond: 0.001 },
    flowLimits: { rateLimit: { perSecond: 0.001 } },
  });
  await fixture.store.putFlowKey(queue, 'own', { rateLimit: { perSecond: 0.001 } });
  await run(`INSERT INTO dispatchr.gates (queue, flow_key) VALUES ('${queue}', 'own'), ('${queue}', 'a')`);
  await run(`UPDATE dispatchr.gates SET tat = now() + interval '1000 s' WHERE queue = '${queue}'`);
  const fast = { perSecond: 10, burst: 5 };
  await fixture.store.putQueue(queue, { rateLimit: fast, flowLimits: { rateLimit: fast } });
  const ahead = await run(`SELECT flow_key, tat > now() + interval '1 s' AS ahead FROM dispatchr.gates
    WHERE queue = '${queue}' ORDER BY flow_key`);
  expect(ahead).toEqual([
    { flow_key: '', ahead: false },
    { flow_key: 'a', ahead: false },
    { flow_key: 'own', ahead: true },
  ]);
});

test('a delete forgets a queue without unfinished tasks, and refuses one with some', async () => {
  const { store } = fixture;
  const { queue, held } = await running({ a: 1 }, 0);
  await store.putQueue(queue, { maxConcurrency: 1, flowLimits: { maxConcurrency: 1 } });
  await store.putFlowKey(queue, 'b', { maxConcurrency: 1 });
  expect(await store.deleteQueue(queue)).toEqual({ kind: 'not-empty', unfinished: 1 });
  expect(await store.findQueue(queue)).toMatchObject({ maxConcurrency: 1, running: 1 });
  for (const { seq, lease } of held) await store.settleAttempt(completed(seq, lease));
  expect(await store.deleteQueue(queue)).toEqual({ kind: 'deleted' });
  expect([await store.findQueue(queue), await gatesOf(queue)]).toEqual([undefined, []]);
  expect(await store.listFlowKeys(queue, { limit: 10 })).toBeUndefined();
  expect(await store.deleteQueue(queue)).toEqual({ kind: 'not-found' });
});

test('a delete of a queue that always is brings its defaults back', async () => {
  await fixture.store.putQueue('low', { weight: 900 });
  expect(await fixture.store.deleteQueue('low')).toEqual({ kind: 'deleted' });
  expect(await fixture.store.findQueue('low')).toEqual({
    name: 'low',
    paused: false,
    pending: 0,
    due: 0,
    running: 0,
  });
});

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

const gatesOf = (queue: string) =>
  run(`SELECT flow_key, in_flight FROM dispatchr.gates WHERE queue = '${queue}' ORDER BY flow_key`);

const completed = (seq: number, lease: number) =>
  ({
    seq,
    lease,
    settlement: { state: 'completed', attemptsUsed: 0 },
    attempt: { outcome: 'completed', durationMs: 1 },
  }) as const;

const claimOf = (queue: string, quota: number, version: string) => ({
  queues: [{ queue, quota, priorities: [0], version }],
  scheduler: 'scheduler-1',
  exceptOrigins: [],
  originLimits: [],
  otherOriginLimit: 1000,
});

/** Resolves when somebody waits for a lock of somebody else. */
function untilBlocked(): Promise<void> {
  return vi.waitFor(async () => {
    const [row] = await run(`SELECT count(*)::int4 AS n FROM pg_stat_activity
      WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`);
    expect(row).toEqual({ n: 1 });
  }, 5000);
}

async function versionOf(queue: string): Promise<string> {
  const [row] = await run(`SELECT xmin::text AS version FROM dispatchr.queues WHERE name = '${queue}'`);
  return (row?.['version'] as string | undefined) ?? '';
}

async function submit(queue: string, counts: Record<string, number>): Promise<void> {
  const tasks = Object.entries(counts).flatMap(([flowKey, count]) =>
    Array.from({ length: count }, () => newTask({ queue, flowKey })),
  );
  await fixture.store.submitBatch(tasks);
}

/** A queue with running tasks by flow keys, and pending ones of a key of their own. */
async function running(counts: Record<string, number>, pending: number) {
  const queue = crypto.randomUUID();
  await submit(queue, counts);
  const held = await fixture.store.claimDueTasks(claimOf(queue, 100, ''));
  await submit(queue, { waiting: pending });
  return { queue, held };
}

/** Each gate counts exactly the running tasks that carry its bit. */
async function expectCounted(queue: string): Promise<void> {
  const wrong =
    await run(`SELECT g.flow_key, g.in_flight, count(u.seq)::int4 AS running FROM dispatchr.gates g
    LEFT JOIN dispatchr.unfinished_tasks u ON u.queue = g.queue AND u.state = 'running'
      AND ((g.flow_key = '' AND u.gate & 1 = 1) OR (g.flow_key = u.flow_key AND u.gate & 2 = 2))
    WHERE g.queue = '${queue}' GROUP BY g.flow_key, g.in_flight HAVING count(u.seq) <> g.in_flight`);
  expect(wrong).toEqual([]);
  const [uncounted] = await run(`SELECT count(*)::int4 AS n FROM dispatchr.unfinished_tasks u
    JOIN dispatchr.queues q ON q.name = u.queue
    WHERE q.name = '${queue}' AND u.state = 'running' AND q.max_concurrency IS NOT NULL AND u.gate & 1 = 0`);
  expect(uncounted).toEqual({ n: 0 });
}

/** Runs `work` while a transaction of somebody else has written tasks and does not end. */
async function whileTasksAreWritten<T>(work: () => Promise<T>): Promise<T> {
  const text = 'LOCK TABLE dispatchr.unfinished_tasks IN ROW EXCLUSIVE MODE';
  return otherDatabase.transaction('claim', async (transaction) => {
    await transaction.query({ name: 'write', role: 'claim', text }, []);
    return work();
  });
}
