import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { purgeQueue } from './purge-queue.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

test('queues are listed by name, page by page, those that always are among them', async () => {
  const { store } = fixture;
  await store.putQueue('settings', { weight: 2 });
  await store.submitTask(newTask({ queue: 'Used' }));
  await store.submitTask(newTask({ queue: 'parked' }));
  await park('parked');
  const names: string[] = [];
  let after: string | undefined;
  do {
    const page = await store.listQueues({ limit: 2, ...(after !== undefined && { after }) });
    names.push(...page.items.map(({ name }) => name));
    after = page.next;
  } while (after !== undefined);
  expect(names).toEqual(['Used', 'critical', 'default', 'low', 'parked', 'settings']);
});

test('a queue that was never used does not exist', async () => {
  expect(await fixture.store.findQueue('never')).toBeUndefined();
  expect(await fixture.store.purgeQueue('never', { dryRun: false })).toBeUndefined();
  expect(await fixture.store.listFlowKeys('never', { limit: 1 })).toBeUndefined();
});

test('counts are of what is pending, due and running, parked tasks among them', async () => {
  const queue = crypto.randomUUID();
  const oldest = '2026-01-01T00:00:00Z';
  await fixture.store.submitBatch([
    newTask({ queue, flowKey: 'a' }),
    newTask({ queue, flowKey: 'a', dueAt: '2100-01-01T00:00:00Z' }),
    newTask({ queue, flowKey: 'b', dueAt: oldest }),
  ]);
  await park(queue, 'b');
  await makeRunning(queue, 'a');
  const counts = { pending: 2, due: 1, running: 1, oldestDueAt: new Date(oldest) };
  expect(await fixture.store.findQueue(queue)).toEqual({ name: queue, paused: false, ...counts });
  const { items } = await fixture.store.listQueues({ limit: 100 });
  expect(items.find(({ name }) => name === queue)).toMatchObject(counts);
  expect(await fixture.store.listFlowKeys(queue, { limit: 10 })).toEqual({
    items: [
      { flowKey: 'a', pending: 1, due: 0, running: 1 },
      { flowKey: 'b', pending: 1, due: 1, running: 0, oldestDueAt: new Date(oldest) },
    ],
  });
});

test('flow keys show their own limits, and the queue’s where they have none', async () => {
  const queue = crypto.randomUUID();
  const { store } = fixture;
  await store.putQueue(queue, { flowLimits: { maxConcurrency: 3, rateLimit: { perSecond: 5 } } });
  await store.submitTask(newTask({ queue, flowKey: 'a' }));
  await store.putFlowKey(queue, 'b', { maxConcurrency: 1 });
  const limits = async () =>
    (await store.listFlowKeys(queue, { limit: 10 }))?.items.map(({ flowKey, maxConcurrency, rateLimit }) => [
      flowKey,
      maxConcurrency,
      rateLimit?.perSecond,
    ]);
  expect(await limits()).toEqual([
    ['a', 3, 5],
    ['b', 1, 5],
  ]);
  await store.putFlowKey(queue, 'b', { maxConcurrency: null });
  expect(await limits()).toEqual([['a', 3, 5]]);
});

test('5,000 flow keys are listed page by page, each once, in their order', async () => {
  const queue = crypto.randomUUID();
  await fixture.database.query(
    {
      name: 'many',
      role: 'read',
      text: `INSERT INTO dispatchr.unfinished_tasks (seq, queue, flow_key, origin, priority, due_at, state, parked_for)
        SELECT -n, '${queue}', 'tenant-' || n % 5000, 'http://127.0.0.1:9', n % 2, now(), 'pending',
          CASE WHEN n % 7 = 0 THEN 'http://127.0.0.1:9' END
        FROM generate_series(1, 10000) n`,
    },
    [],
  );
  await fixture.store.putFlowKey(queue, 'unused', { maxConcurrency: 1 });
  const seen: string[] = [];
  let pending = 0;
  let after: string | undefined;
  do {
    const page = await fixture.store.listFlowKeys(queue, {
      limit: 1000,
      ...(after !== undefined && { after }),
    });
    for (const item of page?.items ?? []) {
      seen.push(item.flowKey);
      pending += item.pending;
    }
    after = page?.next;
  } while (after !== undefined);
  const keys = [...Array.from({ length: 5000 }, (_, n) => `tenant-${n}`), 'unused'];
  expect(seen).toEqual(keys.toSorted());
  expect(pending).toBe(10_000);
});

test('a purge cancels what is pending, batch by batch, and a dry run only counts it', async () => {
  const queue = crypto.randomUUID();
  const others = newTask({ queue: crypto.randomUUID() });
  const tasks = Array.from({ length: 25 }, (_, n) =>
    newTask({ queue, flowKey: n === 24 ? 'running' : 'a', priority: n % 2 }),
  );
  await fixture.store.submitBatch([others, ...tasks]);
  await park(queue, 'a', 'seq % 4 = 0');
  await makeRunning(queue, 'running');
  expect(await fixture.store.purgeQueue(queue, { dryRun: true })).toBe(24);
  expect(await fixture.store.findQueue(queue)).toMatchObject({ pending: 24 });
  expect(await purgeQueue(fixture.database, queue, { dryRun: false, batch: 4 })).toBe(24);
  expect(await fixture.store.findQueue(queue)).toMatchObject({ pending: 0, running: 1 });
  expect((await fixture.store.findTask(others.id))?.task.state).toBe('pending');
  const [cancelled] = tasks;
  expect((await fixture.store.findTask(cancelled?.id ?? ''))?.task).toMatchObject({
    state: 'cancelled',
    finishedAt: expect.any(Date),
  });
  expect(await fixture.store.purgeQueue(queue, { dryRun: false })).toBe(0);
});

test('a purge leaves alone what is recorded after it began', async () => {
  const queue = crypto.randomUUID();
  await fixture.store.submitBatch(Array.from({ length: 200 }, () => newTask({ queue })));
  const begun = purgeQueue(fixture.database, queue, { dryRun: false, batch: 5 });
  const pending = async () => (await fixture.store.findQueue(queue))?.pending ?? 0;
  await expect.poll(pending, { interval: 1 }).toBeLessThan(200);
  const later = newTask({ queue });
  await fixture.store.submitTask(later);
  expect(await begun).toBe(200);
  expect((await fixture.store.findTask(later.id))?.task.state).toBe('pending');
});

test('a purge that races with cancels counts each task once', async () => {
  const queue = crypto.randomUUID();
  const tasks = Array.from({ length: 60 }, () => newTask({ queue }));
  await fixture.store.submitBatch(tasks);
  const [purged] = await Promise.all([
    purgeQueue(fixture.database, queue, { dryRun: false, batch: 10 }),
    ...tasks.slice(0, 20).map(({ id }) => fixture.store.cancelTask(id)),
  ]);
  expect(purged).toBeGreaterThanOrEqual(40);
  expect(await fixture.store.findQueue(queue)).toBeUndefined();
});

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

const park = (queue: string, flowKey?: string, where = 'true') =>
  run(`UPDATE dispatchr.unfinished_tasks SET parked_for = origin
    WHERE queue = '${queue}' AND flow_key = coalesce(${flowKey ? `'${flowKey}'` : 'NULL'}, flow_key) AND ${where}`);

/** As a claim does with the first due task of a flow key. */
const makeRunning = (queue: string, flowKey: string) =>
  run(`UPDATE dispatchr.unfinished_tasks SET state = 'running', attempt = 1, lease = nextval('dispatchr.lease_numbers'),
      lease_until = now() + interval '30 s', scheduler = 's', started_at = now(), first_claimed_at = now()
    WHERE queue = '${queue}' AND flow_key = '${flowKey}' AND due_at <= now()`);
