import type { ClaimedTask, DueTasksClaim, NewTask, SettledAttempt } from '@dispatchr/store';
import { newTask, openTestDatabase, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { claimDueTasks } from './statements/claim-due-tasks.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

/** Each test has a queue of its own, so that none sees the tasks of another. */
let queues = 0;
const ownQueue = () => `queue-${(queues += 1)}`;

async function submit(...tasks: NewTask[]) {
  await fixture.store.submitBatch(tasks);
}
function claim(
  queue: string,
  quota = 100,
  { priorities = [0], ...members }: Partial<DueTasksClaim> & { priorities?: number[] } = {},
) {
  return fixture.store.claimDueTasks({
    ...ANY,
    queues: [{ queue, quota, priorities, version: '' }],
    ...members,
  });
}
const ANY = { scheduler: 'scheduler-1', exceptOrigins: [], originLimits: [], otherOriginLimit: 1000 };
const idsOf = (tasks: readonly { id: string }[]) => new Set(tasks.map(({ id }) => id));
async function claimOne(task: NewTask): Promise<ClaimedTask> {
  const [claimed] = await claim(task.queue);
  if (claimed?.id !== task.id) throw new Error(`expected to claim ${task.id}, got ${claimed?.id}`);
  return claimed;
}
async function running(members: Partial<NewTask> = {}): Promise<ClaimedTask> {
  const task = newTask({ queue: ownQueue(), ...members });
  await submit(task);
  return claimOne(task);
}
function settle(
  held: { seq: number; lease: number },
  settlement: SettledAttempt['settlement'],
  outcome: SettledAttempt['attempt']['outcome'] = 'retryable',
) {
  const { seq, lease } = held;
  return fixture.store.settleAttempt({ seq, lease, settlement, attempt: { outcome, durationMs: 12.6 } });
}
const stateOf = async (id: string) => (await fixture.store.findTask(id))?.task;

test('many claims at once give each task to one of them', async () => {
  const queue = ownQueue();
  await submit(...Array.from({ length: 500 }, () => newTask({ queue })));
  const claims = await Promise.all(Array.from({ length: 20 }, () => claim(queue, 50)));
  const ids = claims.flat().map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length + (await claim(queue, 500)).length).toBe(500);
});

test('a claim carries everything that a delivery needs', async () => {
  const task = newTask({ queue: ownQueue(), headers: { 'X-A': 'b' }, timeoutMs: 9, retry: { jitter: 0 } });
  await submit(task);
  const claimed = await claimOne(task);
  const { taskArgs, taskName, headers, timeoutMs, retry, target, origin, priority } = task;
  expect(claimed).toMatchObject({
    taskArgs,
    taskName,
    headers,
    timeoutMs,
    retry,
    target,
    origin,
    priority,
  });
  expect(claimed).toMatchObject({ attempt: 1, attemptsUsed: 0, sinceFirstClaimMs: 0 });
  expect(await stateOf(task.id)).toMatchObject({ state: 'running', attempt: 1 });
});

test('a task is neither claimed before it is due nor after it expired', async () => {
  const queue = ownQueue();
  const [future, expired] = [
    newTask({ queue, delayMs: 60_000 }),
    newTask({ queue, expiresAt: '2020-01-01T00:00:00Z' }),
  ];
  await submit(future, expired);
  expect(await claim(queue)).toEqual([]);
  expect(await fixture.store.expireTasks({ limit: 10 })).toBe(1);
  expect(await stateOf(expired.id)).toMatchObject({ state: 'failed', reason: 'expired', attempt: 0 });
});

test('due lanes name queue and priority, higher first, and when more is due', async () => {
  const queue = ownQueue();
  await submit(
    ...[1, 7, 3].map((priority) => newTask({ queue, priority })),
    newTask({ queue, priority: 9, delayMs: 30_000 }),
  );
  const { queues: due, nextDueInMs } = await fixture.store.findDueLanes();
  expect(due.find((found) => found.queue === queue)?.priorities).toEqual([7, 3, 1]);
  expect(nextDueInMs).toBeGreaterThan(0);
  expect(nextDueInMs).toBeLessThanOrEqual(30_000);
});

test('a claim takes the earliest due of each lane, as many as it was granted', async () => {
  const queue = ownQueue();
  const tasks = [3, 1, 2].map((hour) => newTask({ queue, dueAt: `2020-01-01T0${hour}:00:00Z` }));
  await submit(...tasks);
  const [first, second, none] = [await claim(queue, 1), await claim(queue, 1), await claim(queue, 0)];
  expect([...first, ...second].map(({ id }) => id)).toEqual([tasks[1]?.id, tasks[2]?.id]);
  expect(none).toEqual([]);
});

test('a lower priority is claimed only with what the higher ones leave of the quota of the queue', async () => {
  const [queue, other] = [ownQueue(), ownQueue()];
  const of = (priority: number) => Array.from({ length: 3 }, () => newTask({ queue, priority }));
  const [low, high, middle] = [of(-5), of(2), of(1)];
  const others = Array.from({ length: 3 }, () => newTask({ queue: other, priority: 7 }));
  await submit(...low, ...high, ...middle, ...others);
  const inOrder = (tasks: ClaimedTask[]) => tasks.map(({ priority }) => priority).toSorted((a, b) => b - a);
  const round = (quota: number) =>
    fixture.store.claimDueTasks({
      ...ANY,
      queues: [
        { queue, quota, priorities: [2, 1, -5], version: '' },
        { queue: other, quota: 1, priorities: [7], version: '' },
      ],
    });
  const [first, second, third] = [await round(2), await round(3), await round(100)];
  expect(inOrder(first)).toEqual([7, 2, 2]);
  expect(inOrder(second)).toEqual([7, 2, 1, 1]);
  expect(idsOf(third)).toEqual(
    idsOf([
      ...low,
      ...middle.filter(({ id }) => !idsOf(second).has(id)),
      ...others.filter(({ id }) => !idsOf([...first, ...second]).has(id)),
    ]),
  );
});

test('a claim locks no more rows than the quota of each queue, however many lanes it may look at', async () => {
  const queue = ownQueue();
  const priorities = [3, 2, 1, 0];
  const tasks = priorities.map((priority) => Array.from({ length: 20 }, () => newTask({ queue, priority })));
  await submit(...tasks.flat());
  const other = await openTestDatabase(fixture.url);
  const unlocked = await fixture.database.transaction('claim', async (transaction) => {
    await claimDueTasks(transaction, { ...ANY, queues: [{ queue, quota: 30, priorities, version: '' }] });
    const text = `SELECT priority FROM dispatchr.unfinished_tasks WHERE queue = '${queue}' FOR UPDATE SKIP LOCKED`;
    return other.query({ name: 'unlocked', role: 'claim', text }, []);
  });
  await other.close();
  const free = priorities.map((priority) => unlocked.filter((row) => row['priority'] === priority).length);
  expect(free).toEqual([0, 10, 20, 20]);
});

test('tasks for origins that a claim leaves out stay due, and those behind them are claimed', async () => {
  const queue = ownQueue();
  const held = ['http://dead.example', 'https://slow.example:8443'];
  const heldTasks = held.flatMap((origin) =>
    Array.from({ length: 5 }, () => newTask({ queue, target: `${origin}/tasks`, priority: 1 })),
  );
  const other = newTask({ queue, target: 'http://other.example/tasks' });
  await submit(...heldTasks, other);
  const claimed = await claim(queue, 2, { priorities: [1, 0], exceptOrigins: held });
  expect(claimed.map(({ id }) => id)).toEqual([other.id]);
  expect(idsOf(await claim(queue, 100, { priorities: [1] }))).toEqual(idsOf(heldTasks));
});

test('a claim takes of an origin at most its limit, the first of its tasks, and of any other the common one', async () => {
  const queue = ownQueue();
  const of = (origin: string) =>
    [4, 3, 2, 1].map((hour) => newTask({ queue, target: `${origin}/`, dueAt: `2020-01-01T0${hour}:00:00Z` }));
  const [a, b, c] = [of('http://a.example'), of('http://b.example'), of('http://c.example')];
  await submit(...a, ...b, ...c);
  const originLimits = [{ origin: 'http://a.example', limit: 1 }];
  const claimed = await claim(queue, 100, { originLimits, otherOriginLimit: 2 });
  expect(idsOf(claimed)).toEqual(idsOf([...a.slice(3), ...b.slice(2), ...c.slice(2)]));
  expect(await claim(queue)).toHaveLength(12 - claimed.length);
});

test('tasks of one batch are claimed with the origins of their own targets', async () => {
  const queue = ownQueue();
  const targets = ['http://a.example/1', 'http://a.example/2', 'http://b.example/1', 'http://a.example/1'];
  await submit(...targets.map((target) => newTask({ queue, target })));
  const claimed = await claim(queue);
  expect(claimed.map(({ target, origin }) => `${origin} ${target}`).toSorted()).toEqual(
    targets.map((target) => `${new URL(target).origin} ${target}`).toSorted(),
  );
});

test('a completed task is finished and its attempt is on record', async () => {
  const held = await running();
  expect(await settle(held, { state: 'completed', attemptsUsed: 0 }, 'completed')).toBe(true);
  expect(await stateOf(held.id)).toMatchObject({ state: 'completed', attempt: 1, attemptsUsed: 0 });
  const page = await fixture.store.listAttempts(held.id, { limit: 10 });
  expect(page?.attempts).toEqual([
    expect.objectContaining({ attempt: 1, scheduler: 'scheduler-1', outcome: 'completed', durationMs: 13 }),
  ]);
});

test('a retryable attempt makes the task due after the delay on the database clock', async () => {
  const held = await running();
  await settle(held, { state: 'pending', delayMs: 30_000, attemptsUsed: 1 });
  const task = await stateOf(held.id);
  const [attempt] = (await fixture.store.listAttempts(held.id, { limit: 1 }))?.attempts ?? [];
  expect(task).toMatchObject({ state: 'pending', attemptsUsed: 1 });
  expect(Number(task?.dueAt) - Number(attempt?.endedAt)).toBe(30_000);
});

test('a released task keeps its place', async () => {
  const held = await running();
  await settle(held, { state: 'pending', delayMs: 0, attemptsUsed: 0 }, 'released');
  expect((await stateOf(held.id))?.dueAt).toEqual(held.dueAt);
  expect(await claim(held.queue)).toMatchObject([{ id: held.id, attempt: 2 }]);
});

test('a task whose lease was lost is due from the end of that attempt on', async () => {
  const held = await running();
  await settle(held, { state: 'pending', delayMs: 0, attemptsUsed: 1 }, 'lease-lost');
  const [attempt] = (await fixture.store.listAttempts(held.id, { limit: 1 }))?.attempts ?? [];
  expect((await stateOf(held.id))?.dueAt).toEqual(attempt?.endedAt);
});

test('the same lease settles once', async () => {
  const held = await running();
  const completed = { state: 'completed', attemptsUsed: 0 } as const;
  expect(await Promise.all([settle(held, completed), settle(held, completed)])).toEqual([true, false]);
});

test('a lease of an earlier claim settles nothing', async () => {
  const first = await running();
  await settle(first, { state: 'pending', delayMs: 0, attemptsUsed: 1 });
  const [second] = await claim(first.queue);
  expect(await settle(first, { state: 'completed', attemptsUsed: 1 }, 'completed')).toBe(false);
  expect(await stateOf(first.id)).toMatchObject({ state: 'running', attempt: 2 });
  expect(second?.lease).not.toBe(first.lease);
});

test('a scheduler that lost its lease can neither renew nor settle, and the taker can', async () => {
  const held = await running();
  const [lost] = await takeOver(held.id);
  if (!lost) throw new Error('expected a lease to take over');
  expect(lost).toMatchObject({ attempt: 1, attemptsUsed: 0, previousLeaseLost: false });
  expect(await fixture.store.renewLeases([held])).toEqual([]);
  expect(await settle(held, { state: 'completed', attemptsUsed: 0 }, 'completed')).toBe(false);
  expect(await settle(lost, { state: 'pending', delayMs: 0, attemptsUsed: 1 }, 'lease-lost')).toBe(true);
  expect(await claim(held.queue)).toHaveLength(1);
  expect(await takeOver(held.id)).toMatchObject([{ attempt: 2, previousLeaseLost: true }]);
});

/** Takes over every lease and gives back those that belong to other tests. */
async function takeOver(id: string) {
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose: 'every' });
  return taken.filter((lost) => lost.id === id);
}

test('a lease that still runs is not taken over', async () => {
  const held = await running();
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose: 'expired' });
  expect(taken.map(({ id }) => id)).not.toContain(held.id);
  expect(await fixture.store.renewLeases([held])).toEqual([held.lease]);
});

test('claims whose answer was lost are found by the scheduler that made them, and only those', async () => {
  const [held, lost] = [await running(), await running()];
  const whose = { scheduler: 'scheduler-1', exceptLeases: [held.lease] };
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose });
  expect(taken.map(({ id }) => id)).toContain(lost.id);
  expect(taken.map(({ id }) => id)).not.toContain(held.id);
  const others = { scheduler: 'scheduler-2', exceptLeases: [] };
  expect(await fixture.store.takeOverLostLeases({ limit: 1000, whose: others })).toEqual([]);
});

test('a claim that somebody else took over is not found by the scheduler whose name it still has', async () => {
  const task = await running();
  const whose = { scheduler: 'scheduler-1', exceptLeases: [] };
  // Once under another lease, as by a scheduler that takes it over and dies before it settles.
  expect(await takeOver(task.id)).toHaveLength(1);
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose });
  expect(taken.map(({ id }) => id)).not.toContain(task.id);
});

test('a claim that was renewed is not found as one that was never heard of', async () => {
  const task = await running();
  await fixture.store.renewLeases([task]);
  const whose = { scheduler: 'scheduler-1', exceptLeases: [] };
  const taken = await fixture.store.takeOverLostLeases({ limit: 1000, whose });
  expect(taken.map(({ id }) => id)).not.toContain(task.id);
});

test('a row that cannot be read keeps no other from being claimed or taken over', async () => {
  const queue = ownQueue();
  const [bad, good] = [newTask({ queue, retry: {} }), newTask({ queue })];
  await submit(bad, good);
  const text = `UPDATE dispatchr.tasks SET retry = '{broken' WHERE id = '${bad.id}'`;
  await fixture.database.query({ name: 'break', role: 'read', text }, []);
  expect((await claim(queue)).map(({ id }) => id)).toEqual([good.id]);
  const taken = fixture.store.takeOverLostLeases({ limit: 1000, whose: 'every' }).then(idsOf);
  await expect(taken).resolves.toEqual(expect.toSatisfy((ids) => ids.has(bad.id) && ids.has(good.id)));
});

test('an attempt that was lost for longer than an int4 of milliseconds can be settled', async () => {
  const held = await running();
  const attempt = { outcome: 'lease-lost', durationMs: 2 ** 40 } as const;
  const settlement = { state: 'pending', delayMs: 0, attemptsUsed: 1 } as const;
  expect(await fixture.store.settleAttempt({ seq: held.seq, lease: held.lease, settlement, attempt })).toBe(
    true,
  );
});

test('a settle in a group stands or falls by its own lease', async () => {
  const queue = ownQueue();
  await submit(...Array.from({ length: 50 }, () => newTask({ queue })));
  const claimed = await claim(queue);
  const stale = claimed.map((held, index) => (index % 2 ? held : { ...held, lease: -held.lease }));
  const stood = await Promise.all(stale.map((held) => settle(held, { state: 'completed', attemptsUsed: 0 })));
  expect(stood).toEqual(claimed.map((_, index) => index % 2 === 1));
});

test('pruning forgets what is older than its retention time, with its attempts, and nothing else', async () => {
  const [old, kept] = [await running(), await running()];
  await settle(old, { state: 'completed', attemptsUsed: 0 }, 'completed');
  await settle(kept, { state: 'failed', reason: 'rejected', attemptsUsed: 0 }, 'rejected');
  while ((await fixture.store.pruneTasks({ completedMs: 0, otherMs: 3_600_000, limit: 1000 })) > 0);
  expect(await stateOf(old.id)).toBeUndefined();
  expect(await fixture.store.listAttempts(old.id, { limit: 1 })).toBeUndefined();
  expect(await stateOf(kept.id)).toMatchObject({ state: 'failed', reason: 'rejected' });
});
