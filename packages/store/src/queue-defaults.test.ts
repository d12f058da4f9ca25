import type { NewTask, TaskRecord } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

const QUEUE_DEFAULTS = { timeoutMs: 5, retry: { maxAttempts: 3 } };
/** A queue of its own; with what it gives its tasks, as an operator put it. */
async function queueWith(retry = JSON.stringify(QUEUE_DEFAULTS.retry)): Promise<string> {
  const queue = crypto.randomUUID();
  const text = `INSERT INTO dispatchr.queues (name, timeout_ms, retry) VALUES ('${queue}', 5, '${retry}')`;
  await fixture.database.query({ name: text, role: 'read', text }, []);
  return queue;
}

/** Every answer that shows a task, by what brings it about. */
const ANSWERS: Record<string, (task: NewTask) => Promise<TaskRecord | undefined>> = {
  'a submit': async (task) => taskOf(await fixture.store.submitTask(task)),
  'a submit of a task that is there': async (task) => {
    await fixture.store.submitTask(task);
    return taskOf(await fixture.store.submitTask(task));
  },
  'a batch': async (task) => {
    const result = await fixture.store.submitBatch([newTask(), task]);
    return result.kind === 'recorded' ? result.tasks[1]?.task : undefined;
  },
  'a read': async (task) => {
    await fixture.store.submitTask(task);
    return (await fixture.store.findTask(task.id))?.task;
  },
  'a list': async (task) => {
    await fixture.store.submitTask(task);
    return (await fixture.store.listTasks({ queue: task.queue }, { limit: 1 })).tasks[0];
  },
  'a cancel': async (task) => {
    await fixture.store.submitTask(task);
    return taskOf(await fixture.store.cancelTask(task.id));
  },
};

test.each(Object.keys(ANSWERS))('the answer to %s tells what the queue gives its tasks', async (name) => {
  const [limited, plain] = [await queueWith(), crypto.randomUUID()];
  const own = { timeoutMs: 7, retry: { jitter: 0 }, fingerprint: 'same' };
  const shown = await ANSWERS[name]?.(newTask({ queue: limited, ...own }));
  expect(shown).toMatchObject({ queueDefaults: QUEUE_DEFAULTS, timeoutMs: 7, retry: { jitter: 0 } });
  const other = await ANSWERS[name]?.(newTask({ queue: plain, fingerprint: 'same' }));
  expect(other).toMatchObject({ queue: plain });
  expect(other).not.toHaveProperty('queueDefaults');
});

test('a list keeps its order over tasks of queues with and without settings', async () => {
  const [flowKey, queue] = [crypto.randomUUID(), await queueWith()];
  const tasks = Array.from({ length: 6 }, (_, index) =>
    newTask({ flowKey, ...(index % 2 === 0 && { queue }) }),
  );
  for (const task of tasks) await fixture.store.submitTask(task);
  const listed = (await fixture.store.listTasks({ flowKey }, { limit: 10 })).tasks;
  expect(listed.map(({ id }) => id)).toEqual(tasks.map(({ id }) => id).toReversed());
});

function taskOf(result: object): TaskRecord | undefined {
  return 'task' in result ? (result.task as TaskRecord) : undefined;
}
