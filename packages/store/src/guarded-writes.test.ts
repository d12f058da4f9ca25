import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cancelPendingTask } from './statements/cancel-pending-task.ts';
import { deleteFinishedTask } from './statements/delete-finished-task.ts';
import { requestCancel } from './statements/request-cancel.ts';
import { retryFinishedTask } from './statements/retry-finished-task.ts';
import { runPendingTask } from './statements/run-pending-task.ts';

/**
 * Between the look at a task and the write that was decided by it the task may change: each statement is run against
 * a state that it was not meant for, as if it had lost that race.
 */
let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

const STATEMENTS = { cancelPendingTask, requestCancel, runPendingTask, deleteFinishedTask };
type Found = { seq: number; target: string };

test.each([
  ['cancelPendingTask', 'runs', running],
  ['runPendingTask', 'runs', running],
  ['deleteFinishedTask', 'runs', running],
  ['requestCancel', 'waits', waiting],
  ['deleteFinishedTask', 'waits', waiting],
  ['cancelPendingTask', 'is finished', finished],
  ['requestCancel', 'is finished', finished],
  ['runPendingTask', 'is finished', finished],
] as const)('%s writes nothing when the task %s by then', async (name, _state, make) => {
  await expectUntouched(await make(), ({ seq }) => STATEMENTS[name](fixture.database, { seq }));
});

test.each([
  ['runs', running],
  ['waits', waiting],
] as const)('retryFinishedTask writes nothing when the task %s by then', async (_state, make) => {
  await expectUntouched(await make(), (task) => retryFinishedTask(fixture.database, task));
});

test('a task that runs does not expire', async () => {
  const id = await running();
  await run(
    `UPDATE dispatchr.unfinished_tasks SET expires_at = now() - interval '1 s' WHERE seq = ${(await find(id)).seq}`,
  );
  expect(await fixture.store.expireTasks({ limit: 1000 })).toBe(0);
  expect(await find(id)).toMatchObject({ state: 'running' });
});

test('taking over every lease leaves alone what waits', async () => {
  const id = await waiting();
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose: 'every' });
  expect(taken.map((lost) => lost.id)).not.toContain(id);
  expect(await find(id)).toMatchObject({ state: 'pending', attempt: 0 });
});

async function expectUntouched(id: string, write: (task: Found) => Promise<unknown[]>) {
  const task = await find(id);
  const before = await rowsOf(task.seq);
  expect(await write(task)).toEqual([]);
  expect(await rowsOf(task.seq)).toEqual(before);
}

async function waiting(queue: string = crypto.randomUUID()): Promise<string> {
  const task = newTask({ queue });
  await fixture.store.submitTask(task);
  return task.id;
}

async function claimed(): Promise<{ id: string; seq: number; lease: number }> {
  const queue = crypto.randomUUID();
  const id = await waiting(queue);
  const queues = [{ queue, quota: 1, priorities: [0], version: '' }];
  const origins = { exceptOrigins: [], originLimits: [], otherOriginLimit: 1 };
  const [held] = await fixture.store.claimDueTasks({ queues, scheduler: 'scheduler-1', ...origins });
  if (held === undefined) throw new Error(`expected to claim ${id}, got none`);
  return held;
}

async function running(): Promise<string> {
  return (await claimed()).id;
}

async function finished(): Promise<string> {
  const { id, seq, lease } = await claimed();
  const settlement = { state: 'completed', attemptsUsed: 0 } as const;
  await fixture.store.settleAttempt({
    seq,
    lease,
    settlement,
    attempt: { outcome: 'completed', durationMs: 1 },
  });
  return id;
}

async function find(id: string) {
  const found = await fixture.store.findTask(id);
  if (found === undefined) throw new Error(`expected the task ${id}, got none`);
  return found.task;
}

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

/** All rows of a task but its attempts, which no operation touches before the task is gone. */
async function rowsOf(seq: number) {
  const tables = ['tasks', 'unfinished_tasks', 'finished_tasks'];
  return Promise.all(tables.map((table) => run(`SELECT * FROM dispatchr.${table} WHERE seq = ${seq}`)));
}
