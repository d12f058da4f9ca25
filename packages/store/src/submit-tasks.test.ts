import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

test('a recorded task is pending, unclaimed and due at the time of the database', async () => {
  const task = newTask({ taskArgs: '{"big":12345678901234567890,"__proto__":1,"b":1,"a":2}' });
  const result = await fixture.store.submitTask(task);
  const found = await fixture.store.findTask(task.id);
  expect(result).toEqual({ kind: 'created', task: found?.task });
  expect(found?.task).toMatchObject({ state: 'pending', attempt: 0, attemptsUsed: 0 });
  expect(found?.task.dueAt).toEqual(found?.task.createdAt);
  expect(found?.content.taskArgs).toBe(task.taskArgs);
});

test('every member that a producer gives comes back as it was given', async () => {
  const content = {
    taskArgs: '[null, 1e400, "\\u00e9{},\\"\\\\"]',
    request: { method: 'PUT', body: 'caf\u00e9 "quoted" \\ {a,b}', bodyEncoding: 'utf8' as const },
    headers: { 'X-One': '1, "2"', 'x-two': '\\' },
    traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    tracestate: 'a=1',
  };
  const task = newTask({
    ...content,
    delayMs: 5000,
    expiresAt: '2100-01-01T00:00:00.000Z',
    timeoutMs: 7,
    retry: { maxAttempts: 3, retryOn: ['404'] },
    priority: -4,
  });
  await fixture.store.submitTask(task);
  const found = await fixture.store.findTask(task.id);
  expect(found?.content).toEqual(content);
  expect(found?.task).toMatchObject({ timeoutMs: 7, retry: task.retry, priority: -4 });
  expect(found?.task.expiresAt?.toISOString()).toBe(task.expiresAt);
  expect(Number(found?.task.dueAt) - Number(found?.task.createdAt)).toBe(5000);
});

test('submits in flight together are all recorded and each hears of its own', async () => {
  const tasks = Array.from({ length: 300 }, () => newTask());
  const results = await Promise.all(tasks.map((task) => fixture.store.submitTask(task)));
  expect(results.map((result) => result.kind === 'created' && result.task.id)).toEqual(
    tasks.map(({ id }) => id),
  );
});

test('the same id with the same content is the same task, also when submitted at once', async () => {
  const task = newTask({ fingerprint: 'same' });
  const results = await Promise.all(Array.from({ length: 20 }, () => fixture.store.submitTask(task)));
  expect(results.filter(({ kind }) => kind === 'created')).toHaveLength(1);
  expect(results.filter(({ kind }) => kind === 'existing')).toHaveLength(19);
  expect(await fixture.store.submitTask(task)).toMatchObject({ kind: 'existing', task: { id: task.id } });
});

test('of the same id within one write the first is recorded, and the others are held against it', async () => {
  const task = newTask({ fingerprint: 'one' });
  const others = [task, { ...task, fingerprint: 'two' }, task];
  // Two writes are under way at once; what comes after them shares the next.
  const submits = [newTask(), newTask(), task, ...others].map((each) => fixture.store.submitTask(each));
  const kinds = (await Promise.all(submits)).map(({ kind }) => kind);
  expect(kinds).toEqual(['created', 'created', 'created', 'existing', 'conflict', 'existing']);
});

test('the same id with other content is a conflict and changes nothing', async () => {
  const task = newTask({ fingerprint: 'one' });
  await fixture.store.submitTask(task);
  const other = { ...task, fingerprint: 'two', taskArgs: '"other"' };
  expect(await fixture.store.submitTask(other)).toEqual({ kind: 'conflict', member: 'id' });
  expect((await fixture.store.findTask(task.id))?.content.taskArgs).toBe(task.taskArgs);
});

test('an idempotency key identifies a task whose id was generated', async () => {
  const first = newTask({ idempotencyKey: 'key-1', fingerprint: 'one' });
  await fixture.store.submitTask(first);
  const again = newTask({ idempotencyKey: 'key-1', fingerprint: 'one' });
  expect(await fixture.store.submitTask(again)).toMatchObject({ kind: 'existing', task: { id: first.id } });
  const changed = newTask({ idempotencyKey: 'key-1', fingerprint: 'two' });
  expect(await fixture.store.submitTask(changed)).toEqual({ kind: 'conflict', member: 'idempotencyKey' });
});

test('a batch answers in its order and says which tasks are new', async () => {
  const known = newTask({ fingerprint: 'known' });
  await fixture.store.submitTask(known);
  const batch = [newTask(), known, newTask({ fingerprint: 'new' })];
  const result = await fixture.store.submitBatch(batch);
  expect(result.kind === 'recorded' && result.tasks.map(({ created, task }) => [created, task.id])).toEqual(
    batch.map((task, index) => [index !== 1, task.id]),
  );
});

test('a batch with one conflict records none of its tasks', async () => {
  const known = newTask({ fingerprint: 'known' });
  await fixture.store.submitTask(known);
  const fresh = newTask();
  const result = await fixture.store.submitBatch([fresh, { ...known, fingerprint: 'changed' }]);
  expect(result).toEqual({ kind: 'conflict', index: 1, member: 'id' });
  expect(await fixture.store.findTask(fresh.id)).toBeUndefined();
});

test('batches and submits that share ids in different orders neither deadlock nor record twice', async () => {
  const tasks = Array.from({ length: 40 }, (_, index) => newTask({ fingerprint: String(index) }));
  const orders = [tasks, tasks.toReversed(), tasks.toSorted((a, b) => (a.id < b.id ? 1 : -1))];
  const results = await Promise.all([
    ...orders.map((order) => fixture.store.submitBatch(order)),
    ...tasks.map((task) => fixture.store.submitTask(task)),
  ]);
  const created = results.flatMap((result) => {
    if (result.kind === 'recorded')
      return result.tasks.filter((entry) => entry.created).map(({ task }) => task.id);
    return result.kind === 'created' ? [result.task.id] : [];
  });
  expect(created).toHaveLength(tasks.length);
  expect(new Set(created)).toEqual(new Set(tasks.map(({ id }) => id)));
});
