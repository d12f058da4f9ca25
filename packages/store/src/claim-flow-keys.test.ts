import type { ClaimedTask, FlowKeysClaim, Gate, NewTask, SettledAttempt } from '@dispatchr/store';
import {
  newTask,
  openTestDatabase,
  openTestStore,
  type TestStore,
  testStoreOptions,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rateOf } from '@dispatchr/lifecycle';
import { createTaskStore } from './task-store.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

/** Each test has a queue of its own, so that none sees the tasks of another. */
let queues = 0;
const ownQueue = () => `queue-${(queues += 1)}`;
const ANY = { scheduler: 's', exceptOrigins: [], originLimits: [], otherOriginLimit: 1000 };

async function submit(queue: string, tasks: Record<string, number>, members: Partial<NewTask> = {}) {
  const all = Object.entries(tasks).flatMap(([flowKey, count]) =>
    Array.from({ length: count }, () => newTask({ queue, flowKey, ...members })),
  );
  await fixture.store.submitBatch(all);
  return all;
}

const shareOf = (queue: string, flowKey: string, quota = 100, priorities = [0]) => ({
  queue,
  flowKey,
  quota,
  queueQuota: 1000,
  priorities,
  version: '',
});

function claim(queue: string, flowKeys: string[], members: Partial<FlowKeysClaim> = {}) {
  const shares = flowKeys.map((flowKey) => shareOf(queue, flowKey));
  return fixture.store.claimFlowKeys({ ...ANY, shares, gates: [], ...members });
}

function countsByKey(tasks: readonly { flowKey: string }[]) {
  return Object.fromEntries(
    [...Map.groupBy(tasks, ({ flowKey }) => flowKey)].map(([key, of]) => [key, of.length]),
  );
}

async function gateRows(queue: string) {
  const text = `SELECT flow_key, in_flight FROM dispatchr.gates WHERE queue = '${queue}' ORDER BY flow_key`;
  const rows = await fixture.database.query({ name: 'gates', role: 'read', text }, []);
  return Object.fromEntries(rows.map((row) => [row['flow_key'], row['in_flight']]));
}

async function withGates(queue: string, ...gates: Omit<Gate, 'queue'>[]): Promise<Gate[]> {
  const all = gates.map((gate) => ({ queue, ...gate }));
  await fixture.store.createGates(all);
  return all;
}

const settle = ({ seq, lease }: ClaimedTask, settlement: SettledAttempt['settlement']) =>
  fixture.store.settleAttempt({ seq, lease, settlement, attempt: { outcome: 'completed', durationMs: 1 } });
const completed = { state: 'completed', attemptsUsed: 0 } as const;

test('flow keys are found in their order, those with something due, from behind a given one', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 2, b: 1, d: 1 });
  await submit(queue, { c: 3 }, { delayMs: 60_000 });
  const find = async (after: string, most: number) => {
    const [found] = await fixture.store.findDueFlowKeys([{ queue, priorities: [0], after, most }]);
    return { keys: found?.flowKeys.map(({ flowKey }) => flowKey), last: found?.last };
  };
  expect(await find('', 10)).toEqual({ keys: ['a', 'b', 'd'], last: undefined });
  expect(await find('', 2)).toEqual({ keys: ['a', 'b'], last: 'b' });
  expect(await find('b', 2)).toEqual({ keys: ['d'], last: 'd' });
  expect(await find('d', 2)).toEqual({ keys: [], last: undefined });
});

test('a share brings tasks of its flow key alone, the highest priority first, then the earliest due', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 3, b: 3 });
  const [high] = await submit(queue, { a: 1 }, { priority: 7 });
  const [early] = await submit(queue, { a: 1 }, { dueAt: '2020-01-01T00:00:00Z' });
  const share = { ...shareOf(queue, 'a', 2, [7, 0]) };
  const claimed = await fixture.store.claimFlowKeys({ ...ANY, shares: [share], gates: [] });
  expect(new Set(claimed.map(({ id }) => id))).toEqual(new Set([high?.id, early?.id]));
  expect(claimed.every(({ isGated, isRun }) => !isGated && !isRun)).toBe(true);
});

test('the gates of a queue and of its flow keys let through what they leave, in turns, and count it', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 10, b: 10, c: 10 });
  const gates = await withGates(
    queue,
    { flowKey: '', maxConcurrency: 5 },
    { flowKey: 'a', maxConcurrency: 2 },
    { flowKey: 'b', maxConcurrency: 2 },
    { flowKey: 'c', maxConcurrency: 2 },
  );
  const first = await claim(queue, ['a', 'b', 'c'], { gates });
  expect(Object.values(countsByKey(first)).toSorted((a, b) => a - b)).toEqual([1, 2, 2]);
  expect(first.every(({ isGated }) => isGated)).toBe(true);
  expect(await claim(queue, ['a', 'b', 'c'], { gates })).toEqual([]);
  expect(await gateRows(queue)).toEqual({ '': 5, ...countsByKey(first) });
  for (const task of first) await settle(task, completed);
  expect(await gateRows(queue)).toEqual({ '': 0, a: 0, b: 0, c: 0 });
  expect(await claim(queue, ['a', 'b', 'c'], { gates })).toHaveLength(5);
});

test('a task that is pending again is counted by no gate, whatever becomes of it', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 3 });
  const gates = await withGates(
    queue,
    { flowKey: '', maxConcurrency: 3 },
    { flowKey: 'a', maxConcurrency: 3 },
  );
  const [one, two, three] = await claim(queue, ['a'], { gates });
  if (!one || !two || !three) throw new Error('expected three tasks');
  await Promise.all([
    settle(one, { state: 'pending', attemptsUsed: 1, delayMs: 0 }),
    settle(two, { state: 'failed', reason: 'rejected', attemptsUsed: 1 }),
    settle(three, completed),
  ]);
  expect(await settle(one, completed)).toBe(false);
  expect(await gateRows(queue)).toEqual({ '': 0, a: 0 });
  const [again] = await claim(queue, ['a']);
  expect(again).toMatchObject({ id: one.id, isGated: false });
});

test('a gate that is not there lets nothing through', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 2 });
  expect(await claim(queue, ['a'], { gates: [{ queue, flowKey: '', maxConcurrency: 5 }] })).toEqual([]);
  expect(await claim(queue, ['a'], { gates: [{ queue, flowKey: 'a', maxConcurrency: 5 }] })).toEqual([]);
});

test('a rate lets its burst through and then as much as time brings', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 100 });
  const rate = rateOf({ perSecond: 20, burst: 10 });
  const gates = await withGates(queue, { flowKey: '', rate });
  const first = await claim(queue, ['a'], { gates });
  expect(first).toHaveLength(rate.capacity);
  expect(first.every(({ isGated }) => !isGated)).toBe(true);
  const text = `UPDATE dispatchr.gates SET tat = tat - interval '100 ms' WHERE queue = '${queue}'`;
  await fixture.database.query({ name: 'later', role: 'claim', text }, []);
  const more = (await claim(queue, ['a'], { gates })).length;
  // Two by the clock that was moved; a slow machine's own time may bring more.
  expect(more).toBeGreaterThanOrEqual(2);
  expect(more).toBeLessThanOrEqual(rate.capacity);
  expect(await gateRows(queue)).toEqual({ '': 0 });
});

test('claims at the same time never get past a gate together', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 50, b: 50 });
  const gates = await withGates(
    queue,
    { flowKey: '', maxConcurrency: 7 },
    { flowKey: 'a', maxConcurrency: 4 },
    { flowKey: 'b', maxConcurrency: 4 },
  );
  const databases = await Promise.all(Array.from({ length: 4 }, () => openTestDatabase(fixture.url)));
  const stores = databases.map((database, index) =>
    createTaskStore(database, testStoreOptions(`o-${index}`)),
  );
  let done = 0;
  const work = async (store: (typeof stores)[number]) => {
    for (let round = 0; round < 300 && done < 100; round += 1) {
      const shares = ['a', 'b'].map((flowKey) => shareOf(queue, flowKey, 5));
      const claimed = await store.claimFlowKeys({ ...ANY, shares, gates });
      const { '': inFlight, a, b } = await gateRows(queue);
      expect(inFlight).toBeLessThanOrEqual(7);
      expect(a).toBeLessThanOrEqual(4);
      expect(b).toBeLessThanOrEqual(4);
      await Promise.all(
        claimed.map(({ seq, lease }) =>
          store.settleAttempt({
            seq,
            lease,
            settlement: completed,
            attempt: { outcome: 'completed', durationMs: 1 },
          }),
        ),
      );
      done += claimed.length;
    }
  };
  await Promise.all(stores.map((store) => work(store)));
  expect(done).toBe(100);
  expect(await gateRows(queue)).toEqual({ '': 0, a: 0, b: 0 });
  await Promise.all(databases.map((database) => database.close()));
});

test('a claim under settings that changed since the look brings nothing', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 2 });
  const text = `INSERT INTO dispatchr.queues (name, paused) VALUES ('${queue}', true)`;
  await fixture.database.query({ name: 'pause', role: 'claim', text }, []);
  expect(await claim(queue, ['a'])).toEqual([]);
  const plain = { queue, quota: 5, priorities: [0], version: '' };
  expect(await fixture.store.claimDueTasks({ ...ANY, queues: [plain] })).toEqual([]);
  const { queues: due } = await fixture.store.findDueLanes();
  const { version, settings } = due.find((found) => found.queue === queue) ?? { version: '?' };
  expect(settings).toEqual({ paused: true });
  expect(await fixture.store.claimDueTasks({ ...ANY, queues: [{ ...plain, version }] })).toHaveLength(2);
});

test('tasks that an operator runs are found and claimed by themselves', async () => {
  const queue = ownQueue();
  await submit(queue, { a: 5 });
  const [run] = await submit(queue, { a: 1 }, { delayMs: 60_000 });
  expect((await fixture.store.runTask(run?.id ?? '')).kind).toBe('done');
  expect((await fixture.store.findDueLanes()).hasRunRequests).toBe(true);
  const requests = (await fixture.store.findRunRequests({ limit: 10 })).filter(
    (found) => found.queue === queue,
  );
  expect(requests).toMatchObject([{ queue, flowKey: 'a', priorities: [0], settings: { paused: false } }]);
  const claimed = await claim(queue, ['a'], { runs: requests.map(({ seq }) => seq) });
  expect(claimed).toMatchObject([{ id: run?.id, isRun: true }]);
});

test('gates of flow keys that count nothing for long are removed, and no other', async () => {
  const queue = ownQueue();
  await withGates(queue, { flowKey: '' }, { flowKey: 'idle' }, { flowKey: 'busy' });
  const text = `UPDATE dispatchr.gates SET in_flight = 1 WHERE queue = '${queue}' AND flow_key = 'busy'`;
  await fixture.database.query({ name: 'busy', role: 'claim', text }, []);
  await fixture.store.removeIdleGates({ limit: 100 });
  expect(Object.keys(await gateRows(queue))).toEqual(['', 'busy']);
});
