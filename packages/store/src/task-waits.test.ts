import { newTask, openTestStore, realTimer, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, DatabaseUnavailableError } from './database/database.ts';
import type { TaskRecord } from './task-record.ts';
import { TaskWaits } from './task-waits.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

const LONG_MS = 60_000;
const never = new AbortController().signal;

async function record(): Promise<TaskRecord> {
  const result = await fixture.store.submitTask(newTask({ delayMs: 3_600_000 }));
  if (result.kind === 'conflict') throw new Error('expected a new task');
  return result.task;
}

/** A timer that a test runs by hand; deadlines are those of `LONG_MS`, and stay. */
function handTimer() {
  const reads: (() => void)[] = [];
  const timer = (ms: number, run: () => void) => {
    if (ms !== LONG_MS) reads.push(run);
    return () => undefined;
  };
  return { timer, reads };
}

test('a wait ends with the task as it is once it is finished', async () => {
  const task = await record();
  const waiting = fixture.store.untilFinished(task, LONG_MS, never);
  await fixture.store.cancelTask(task.id);
  expect(await waiting).toMatchObject({ id: task.id, state: 'cancelled', finishedAt: expect.any(Date) });
});

test('a wait whose time is over ends with the task as it then is', async () => {
  const task = await record();
  await fixture.store.runTask(task.id);
  const waited = await fixture.store.untilFinished(task, 1, never);
  expect(waited.state).toBe('pending');
  expect(waited.dueAt.getTime()).toBeLessThan(task.dueAt.getTime());
});

test('a wait ends when its signal aborts, and when it has no time at all', async () => {
  const task = await record();
  const aborting = new AbortController();
  const waiting = fixture.store.untilFinished(task, LONG_MS, aborting.signal);
  aborting.abort();
  expect(await waiting).toEqual(task);
  expect(await fixture.store.untilFinished(task, 0, never)).toBe(task);
  expect(await fixture.store.untilFinished(task, LONG_MS, aborting.signal)).toBe(task);
});

test('a task that is deleted meanwhile is answered as it was', async () => {
  const task = await record();
  await fixture.store.cancelTask(task.id);
  await fixture.store.deleteTask(task.id);
  expect(await fixture.store.untilFinished(task, 1, never)).toEqual(task);
});

test('one read serves everybody, and nobody is read for once all are answered', async () => {
  let statements = 0;
  const counting: Database = {
    ...fixture.database,
    query: (statement, values) => {
      statements += 1;
      return fixture.database.query(statement, values);
    },
  };
  const { timer, reads } = handTimer();
  const waits = new TaskWaits(counting, timer);
  const tasks = await Promise.all(Array.from({ length: 100 }, record));
  const waiting = Promise.all(tasks.map((task) => waits.untilFinished(task, LONG_MS, never)));
  for (const { id } of tasks) await fixture.store.cancelTask(id);
  expect(reads).toHaveLength(1);
  reads.shift()?.();
  expect((await waiting).map(({ state }) => state)).toEqual(tasks.map(() => 'cancelled'));
  expect(statements).toBe(1);
  expect(reads).toEqual([]);
});

test('a wait outlasts a database that is away', async () => {
  const task = await record();
  let isAway = true;
  const database: Database = {
    ...fixture.database,
    query: (statement, values) =>
      isAway
        ? Promise.reject(new DatabaseUnavailableError('away'))
        : fixture.database.query(statement, values),
  };
  const waits = new TaskWaits(database, realTimer);
  const waiting = waits.untilFinished(task, LONG_MS, never);
  await fixture.store.cancelTask(task.id);
  expect(await waits.untilFinished(task, 1, never)).toBe(task);
  isAway = false;
  expect((await waiting).state).toBe('cancelled');
});
