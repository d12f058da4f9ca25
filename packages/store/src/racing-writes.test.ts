import { type ClaimedTask, createTaskStore, type Database, type TaskStore } from '@dispatchr/store';
import {
  newTask,
  openTestDatabase,
  openTestStore,
  type TestStore,
  testStoreOptions,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Queryable } from './database/database.ts';
import { requestCancel } from './statements/request-cancel.ts';
import { retryFinishedTask } from './statements/retry-finished-task.ts';
import { settleAttempts } from './statements/settle-attempts.ts';

/** Two writes of one row, the second of which begins before the first has committed. */
let fixture: TestStore;
let otherDatabase: Database;
let other: TaskStore;
beforeAll(async () => {
  fixture = await openTestStore();
  otherDatabase = await openTestDatabase(fixture.url, { timeoutMs: 5000 });
  other = createTaskStore(otherDatabase, testStoreOptions('other'));
});
afterAll(async () => {
  await other.close();
  await fixture.close();
});

const claimOf = (queue: string) => ({
  queues: [{ queue, quota: 1, priorities: [0], version: '' }],
  scheduler: 'scheduler-1',
  exceptOrigins: [],
  originLimits: [],
  otherOriginLimit: 1,
});
const ALL = { limit: 1000 };

test('a claim neither waits for a row that is being written nor takes it', async () => {
  const { queue } = await waiting();
  await whileWritten(queue, () => expect(other.claimDueTasks(claimOf(queue))).resolves.toEqual([]));
  expect(await other.claimDueTasks(claimOf(queue))).toHaveLength(1);
});

test('expiry neither waits for a row that is being written nor takes it', async () => {
  const { queue } = await waiting();
  await run(`UPDATE dispatchr.unfinished_tasks SET expires_at = now() WHERE queue = '${queue}'`);
  await whileWritten(queue, () => expect(other.expireTasks(ALL)).resolves.toBe(0));
  expect(await other.expireTasks(ALL)).toBe(1);
});

test('a take-over neither waits for a row that is being written nor takes it', async () => {
  const { queue } = await running();
  await run(
    `UPDATE dispatchr.unfinished_tasks SET lease_until = now() - interval '1 s' WHERE queue = '${queue}'`,
  );
  const sweep = { ...ALL, whose: 'expired' } as const;
  await whileWritten(queue, () => expect(other.takeOverLostLeases(sweep)).resolves.toEqual([]));
  expect(await other.takeOverLostLeases(sweep)).toHaveLength(1);
});

test('a task whose cancel was asked for while its attempt was being settled is not claimed again', async () => {
  const held = await running();
  const stood = await begunWithin(
    (transaction) => requestCancel(transaction, held),
    () => other.settleAttempt(pendingAgain(held)),
  );
  expect(stood).toBe(true);
  expect((await fixture.store.findTask(held.id))?.task).toMatchObject({ state: 'cancelled', attempt: 1 });
});

test('a renewal that a settle has overtaken finds no lease and writes none', async () => {
  const held = await running();
  const standing = await begunWithin(
    (transaction) => settleAttempts(transaction, [pendingAgain(held)]),
    () => other.renewLeases([held]),
  );
  expect(standing).toEqual([]);
  const [row] = await run(
    `SELECT state, lease_until FROM dispatchr.unfinished_tasks WHERE seq = ${held.seq}`,
  );
  expect(row).toEqual({ state: 'pending', lease_until: null });
});

test('of two settles of one lease at the same time the second writes nothing', async () => {
  const held = await running();
  const stood = await begunWithin(
    (transaction) => settleAttempts(transaction, [pendingAgain(held)]),
    () => other.settleAttempt(pendingAgain(held)),
  );
  expect(stood).toBe(false);
  expect((await fixture.store.listAttempts(held.id, { limit: 10 }))?.attempts).toHaveLength(1);
});

test('a task that is retried while it is being pruned is not forgotten', async () => {
  const prune = () => other.pruneTasks({ completedMs: 0, otherMs: 0, limit: 1000 });
  while ((await prune()) > 0);
  const held = await running();
  const settlement = { state: 'failed', reason: 'rejected', attemptsUsed: 0 } as const;
  await fixture.store.settleAttempt({ ...pendingAgain(held), settlement });
  await fixture.database.transaction('read', async (transaction) => {
    await retryFinishedTask(transaction, held);
    await expect(prune()).resolves.toBe(0);
  });
  expect((await fixture.store.findTask(held.id))?.task).toMatchObject({ state: 'pending', attempt: 1 });
});

const run = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);

async function waiting() {
  const task = newTask({ queue: crypto.randomUUID() });
  await fixture.store.submitTask(task);
  return task;
}

async function running(): Promise<ClaimedTask> {
  const { id, queue } = await waiting();
  const [held] = await fixture.store.claimDueTasks(claimOf(queue));
  if (held === undefined) throw new Error(`expected to claim ${id}, got none`);
  return held;
}

function pendingAgain({ seq, lease }: { seq: number; lease: number }) {
  return {
    seq,
    lease,
    settlement: { state: 'pending', delayMs: 0, attemptsUsed: 1 },
    attempt: { outcome: 'retryable', durationMs: 1 },
  } as const;
}

/** Runs `work` while the rows of a queue are locked by a transaction of somebody else. */
async function whileWritten(queue: string, work: () => Promise<unknown>): Promise<void> {
  const text = `SELECT FROM dispatchr.unfinished_tasks WHERE queue = '${queue}' FOR UPDATE`;
  await fixture.database.transaction('read', async (transaction) => {
    await transaction.query({ name: 'lock', role: 'read', text }, []);
    await work();
  });
}

/** Begins `second` before the transaction of `first` commits, and commits once it waits; answers as `second` does. */
async function begunWithin<T>(
  first: (transaction: Queryable) => Promise<unknown>,
  second: () => Promise<T>,
): Promise<T> {
  let begun: Promise<T> | undefined;
  await fixture.database.transaction('read', async (transaction) => {
    await first(transaction);
    begun = second();
    await vi.waitFor(async () => expect(await countBlocked()).toBe(1), 5000);
  });
  return begun as Promise<T>;
}

async function countBlocked(): Promise<number> {
  const [row] = await run(`SELECT count(*)::int4 AS n FROM pg_stat_activity
    WHERE datname = current_database() AND cardinality(pg_blocking_pids(pid)) > 0`);
  return Number(row?.['n']);
}
