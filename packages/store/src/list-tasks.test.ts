import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

test('pages go from new to old without repeating or skipping while tasks arrive', async () => {
  const queue = 'pages';
  const tasks = Array.from({ length: 25 }, () => newTask({ queue }));
  for (const task of tasks) await fixture.store.submitTask(task);
  const seen: string[] = [];
  let before: number | undefined;
  do {
    const page = await fixture.store.listTasks(
      { queue },
      { limit: 10, ...(before !== undefined && { before }) },
    );
    seen.push(...page.tasks.map(({ id }) => id));
    before = page.next;
    await fixture.store.submitTask(newTask({ queue }));
  } while (before !== undefined);
  expect(seen).toEqual(tasks.map(({ id }) => id).toReversed());
});

test('each filter narrows the list, and together they must all match', async () => {
  const marked = newTask({ queue: 'q2', flowKey: 'tenant', taskName: 'n', target: 'http://127.0.0.1:9/2' });
  await fixture.store.submitBatch([marked, newTask({ queue: 'q2' }), newTask({ flowKey: 'tenant' })]);
  const { target, taskName, flowKey, queue } = { taskName: 'n', ...marked };
  for (const filter of [
    { target },
    { taskName },
    { queue, flowKey },
    { target, state: 'pending' as const },
  ]) {
    const { tasks } = await fixture.store.listTasks(filter, { limit: 10 });
    expect(tasks.map(({ id }) => id)).toEqual([marked.id]);
  }
  expect((await fixture.store.listTasks({ target, state: 'completed' }, { limit: 10 })).tasks).toEqual([]);
});

test('createdAfter is inclusive and createdBefore exclusive', async () => {
  const task = newTask({ queue: 'range' });
  const submitted = await fixture.store.submitTask(task);
  if (submitted.kind !== 'created') throw new Error('expected a new task');
  const createdAt = submitted.task.createdAt.toISOString();
  const later = new Date(Number(submitted.task.createdAt) + 1).toISOString();
  const list = async (range: object) =>
    (await fixture.store.listTasks({ queue: 'range', ...range }, { limit: 1 })).tasks.length;
  expect(await list({ createdAfter: createdAt, createdBefore: later })).toBe(1);
  expect(await list({ createdBefore: createdAt })).toBe(0);
  expect(await list({ createdAfter: later })).toBe(0);
});
