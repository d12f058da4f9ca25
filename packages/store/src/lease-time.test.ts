import { LEASE_MS } from '@dispatchr/lifecycle';
import type { NewTask } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Queryable } from './database/database.ts';
import { claimDueTasks } from './statements/claim-due-tasks.ts';
import { renewLeases } from './statements/renew-leases.ts';
import { takeOverLostLeases } from './statements/take-over-lost-leases.ts';

/** When leases run out. In a transaction the database's clock stands still, so it can be told to the millisecond. */
let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());
afterEach(() => vi.useRealTimers());

const HOUR_MS = 3_600_000;
const SKEWS = [
  ['ahead', HOUR_MS],
  ['behind', -HOUR_MS],
] as const;

test.each(SKEWS)('a claim grants the whole lease although our clock is an hour %s', async (_name, skewMs) => {
  const task = newTask({ queue: crypto.randomUUID() });
  await fixture.store.submitTask(task);
  skewOurClock(skewMs);
  const leftMs = await leftAfter(task, (transaction) => claim(transaction, task));
  expect(leftMs).toBe(LEASE_MS);
});

test.each(SKEWS)(
  'a renewal grants the whole lease although our clock is an hour %s',
  async (_name, skewMs) => {
    const { task, held } = await runningTask();
    skewOurClock(skewMs);
    const leftMs = await leftAfter(task, (transaction) => renewLeases(transaction, [held]));
    expect(leftMs).toBe(LEASE_MS);
  },
);

test.each(SKEWS)(
  'a take-over grants the whole lease although our clock is an hour %s',
  async (_name, skewMs) => {
    const { task } = await runningTask();
    skewOurClock(skewMs);
    const leftMs = await leftAfter(task, (transaction) =>
      takeOverLostLeases(transaction, { limit: 1000, whose: 'every' }),
    );
    expect(leftMs).toBe(LEASE_MS);
  },
);

test.each(SKEWS)(
  'a lease that runs is not taken over although our clock is an hour %s',
  async (_name, skewMs) => {
    const { task } = await runningTask();
    skewOurClock(skewMs);
    const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose: 'expired' });
    expect(taken.map(({ id }) => id)).not.toContain(task.id);
  },
);

test('a lease is counted from the claim, however long ago the task was due', async () => {
  const task = newTask({ queue: crypto.randomUUID(), dueAt: '2020-01-01T00:00:00Z' });
  await fixture.store.submitTask(task);
  expect(await leftAfter(task, (transaction) => claim(transaction, task))).toBe(LEASE_MS);
});

test('time since the first claim goes on counting over the claims that follow', async () => {
  const { task, held } = await runningTask();
  const settlement = { state: 'pending', delayMs: 0, attemptsUsed: 1 } as const;
  const attempt = { outcome: 'retryable', durationMs: 1 } as const;
  await fixture.store.settleAttempt({ seq: held.seq, lease: held.lease, settlement, attempt });
  const text = `UPDATE dispatchr.unfinished_tasks SET first_claimed_at = now() - interval '1 hour'
    WHERE queue = '${task.queue}'`;
  await fixture.database.query({ name: 'age', role: 'read', text }, []);
  const [again] = await claim(fixture.database, task);
  expect(again?.sinceFirstClaimMs).toBeGreaterThanOrEqual(HOUR_MS);
});

function skewOurClock(byMs: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + byMs });
}

function claim(database: Queryable, { queue }: NewTask) {
  return claimDueTasks(database, {
    queues: [{ queue, quota: 1, priorities: [0], version: '' }],
    scheduler: 'scheduler-1',
    exceptOrigins: [],
    originLimits: [],
    otherOriginLimit: 1,
  });
}

async function runningTask() {
  const task = newTask({ queue: crypto.randomUUID() });
  await fixture.store.submitTask(task);
  const [held] = await claim(fixture.database, task);
  if (held === undefined) throw new Error(`expected to claim ${task.id}, got none`);
  return { task, held };
}

/** What is left of the task's lease, in milliseconds, at the very instant of the write. */
async function leftAfter({ queue }: NewTask, write: (transaction: Queryable) => Promise<unknown>) {
  const text = `SELECT extract(epoch FROM lease_until - now())::float8 * 1000 AS left_ms
    FROM dispatchr.unfinished_tasks WHERE queue = '${queue}'`;
  const [row] = await fixture.database.transaction('claim', async (transaction) => {
    await write(transaction);
    return transaction.query({ name: 'left', role: 'claim', text }, []);
  });
  return row?.['left_ms'];
}
