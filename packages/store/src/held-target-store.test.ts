import type { HeldTarget, NewTask } from '@dispatchr/store';
import { newTask, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());
beforeEach(() =>
  change(
    'TRUNCATE dispatchr.held_targets, dispatchr.unfinished_tasks, dispatchr.schedulers, dispatchr.queues',
  ),
);

const ORIGIN = 'http://a.example';
const URL_OF_IT = 'http://a.example/x';
const LEASE_MS = 35_000;
const change = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const hold = (key: string, state: string, until: string, since = 'now()') =>
  change(`INSERT INTO dispatchr.held_targets (key, origin, state, since, until)
    VALUES ('${key}', '${new URL(key).origin}', '${state}', ${since}, ${until})`);
const held = async (key: string): Promise<HeldTarget | undefined> =>
  (await fixture.store.findHeldTargets()).targets.find((target) => target.key === key);
const passUntil = () => change(`UPDATE dispatchr.held_targets SET until = now() - interval '1 ms'`);
const inMs = (ms: number) => ({ asymmetricMatch: (value: number) => Math.abs(value - ms) < 2000 });
async function submit(count: number, members: Partial<NewTask> = {}): Promise<void> {
  const made = { target: URL_OF_IT, origin: ORIGIN, ...members };
  for (let index = 0; index < count; index += 1) await fixture.store.submitTask(newTask(made));
}
const parked = async () =>
  (await change(`SELECT parked_for FROM dispatchr.unfinished_tasks ORDER BY parked_for`)).map(
    (row) => row['parked_for'],
  );
const open = (origin = ORIGIN) =>
  fixture.store.openCircuit({ origin, failures: 20, lastError: 'timeout', pauseMs: 1000 });

test('a hold-back is kept for its time, and never shortened', async () => {
  await fixture.store.holdTarget({ key: URL_OF_IT, origin: ORIGIN, holdMs: 60_000 });
  await fixture.store.holdTarget({ key: URL_OF_IT, origin: ORIGIN, holdMs: 5000 });
  expect(await held(URL_OF_IT)).toMatchObject({
    origin: ORIGIN,
    state: 'held-back',
    untilInMs: inMs(60_000),
  });
});

test('a circuit opens once, and waits for what held the origin back before', async () => {
  await fixture.store.holdTarget({ key: ORIGIN, origin: ORIGIN, holdMs: 60_000 });
  expect(await open()).toBe(true);
  expect(await open()).toBe(false);
  expect(await held(ORIGIN)).toMatchObject({
    state: 'circuit-open',
    failures: 20,
    lastError: 'timeout',
    untilInMs: inMs(60_000),
  });
});

test('a hold-back closes no circuit, and its next probe waits', async () => {
  await open();
  await fixture.store.holdTarget({ key: ORIGIN, origin: ORIGIN, holdMs: 60_000 });
  expect(await held(ORIGIN)).toMatchObject({ state: 'circuit-open', untilInMs: inMs(60_000) });
});

test('what is due for a held origin or URL is parked, but for what an operator runs', async () => {
  await submit(2);
  await submit(1, { target: 'http://a.example/y' });
  await submit(1, { delayMs: 60_000 });
  await submit(1, { target: 'http://b.example/', origin: 'http://b.example' });
  const run = newTask({ target: URL_OF_IT, origin: ORIGIN });
  await fixture.store.submitTask(run);
  await fixture.store.runTask(run.id);
  await fixture.store.holdTarget({ key: URL_OF_IT, origin: ORIGIN, holdMs: 60_000 });
  expect(await fixture.store.parkTasks({ limit: 100 })).toBe(2);
  expect(await parked()).toEqual([URL_OF_IT, URL_OF_IT, null, null, null, null]);
  await open();
  expect(await fixture.store.parkTasks({ limit: 100 })).toBe(1);
  expect(await parked()).toEqual([ORIGIN, URL_OF_IT, URL_OF_IT, null, null, null]);
});

test('one call parks no more than its limit', async () => {
  await submit(5);
  await open();
  expect(await fixture.store.parkTasks({ limit: 3 })).toBe(3);
  expect(await fixture.store.parkTasks({ limit: 3 })).toBe(2);
});

test('a hold-back that is over parks nothing, and lets go of what was parked', async () => {
  await submit(3);
  await fixture.store.holdTarget({ key: ORIGIN, origin: ORIGIN, holdMs: 60_000 });
  await fixture.store.parkTasks({ limit: 100 });
  expect(await fixture.store.unparkTasks({ limit: 100, returning: [] })).toBe(0);
  await passUntil();
  expect(await fixture.store.unparkTasks({ limit: 2, returning: [] })).toBe(2);
  expect(await fixture.store.parkTasks({ limit: 100 })).toBe(0);
  expect(await fixture.store.unparkTasks({ limit: 2, returning: [] })).toBe(1);
});

test('what was parked for a target without a row is let go; of one that returns only so much', async () => {
  await submit(3);
  await open();
  await fixture.store.parkTasks({ limit: 100 });
  await change(`UPDATE dispatchr.held_targets SET state = 'returning'`);
  expect(await fixture.store.unparkTasks({ limit: 100, returning: [] })).toBe(0);
  const returning = [{ key: ORIGIN, limit: 1 }];
  expect(await fixture.store.unparkTasks({ limit: 100, returning })).toBe(1);
  await fixture.store.closeCircuit(ORIGIN);
  expect(await fixture.store.unparkTasks({ limit: 100, returning: [] })).toBe(2);
});

test('one probe at a time is taken, when it is time and a task is there to probe with', async () => {
  const take = () => fixture.store.takeProbe({ origin: ORIGIN, leaseMs: LEASE_MS });
  await submit(9);
  await open();
  await fixture.store.parkTasks({ limit: 100 });
  expect(await take()).toBeUndefined();
  await passUntil();
  const taken = await Promise.all(Array.from({ length: 5 }, take));
  expect(taken.filter((probe) => probe !== undefined)).toMatchObject([{ probes: 0 }]);
  expect((await parked()).filter((key) => key === null)).toHaveLength(3);
  expect(await held(ORIGIN)).toMatchObject({ untilInMs: inMs(LEASE_MS) });
});

test('there is no probe without a task, nor with one of a paused queue', async () => {
  const take = () => fixture.store.takeProbe({ origin: ORIGIN, leaseMs: LEASE_MS });
  await open();
  await passUntil();
  expect(await take()).toBeUndefined();
  await submit(1, { queue: 'paused' });
  await change(`INSERT INTO dispatchr.queues (name, paused) VALUES ('paused', true)`);
  await fixture.store.parkTasks({ limit: 100 });
  expect(await take()).toBeUndefined();
});

test('a probe that fails counts and puts off the next; one that is answered lets deliveries return', async () => {
  const take = async () => {
    await passUntil();
    await fixture.store.parkTasks({ limit: 100 });
    return (await fixture.store.takeProbe({ origin: ORIGIN, leaseMs: LEASE_MS }))?.probe ?? 0;
  };
  const end = (probe: number, result: 'failed' | 'answered') =>
    fixture.store.endProbe({ origin: ORIGIN, probe, result, pauseMs: 8000, lastError: 'status 503' });
  await submit(9);
  await open();
  const first = await take();
  expect(await end(first, 'failed')).toBe(true);
  expect(await held(ORIGIN)).toMatchObject({
    probes: 1,
    failures: 21,
    untilInMs: inMs(8000),
    lastError: 'status 503',
  });
  expect(await end(first, 'answered')).toBe(false);
  const second = await take();
  await fixture.store.keepProbe({ origin: ORIGIN, probe: second, leaseMs: 2 * LEASE_MS });
  expect(await held(ORIGIN)).toMatchObject({ untilInMs: inMs(2 * LEASE_MS) });
  expect(await end(second, 'answered')).toBe(true);
  expect(await held(ORIGIN)).toMatchObject({ state: 'returning', failures: 0, sinceMs: inMs(0) });
});

test('a probe whose lease ran out can neither be kept nor ended once another has it', async () => {
  const take = () => fixture.store.takeProbe({ origin: ORIGIN, leaseMs: LEASE_MS });
  await submit(9);
  await open();
  await fixture.store.parkTasks({ limit: 100 });
  await passUntil();
  const { probe } = (await take()) ?? { probe: 0 };
  await passUntil();
  expect(await take()).toMatchObject({ probes: 0 });
  await fixture.store.keepProbe({ origin: ORIGIN, probe, leaseMs: 2 * LEASE_MS });
  const ended = { origin: ORIGIN, probe, result: 'unused', pauseMs: 1000 } as const;
  expect(await fixture.store.endProbe(ended)).toBe(false);
  expect(await held(ORIGIN)).toMatchObject({ untilInMs: inMs(LEASE_MS) });
});

test('what a probe may be made with is not parked again while it is under way', async () => {
  await submit(9);
  await open();
  await fixture.store.parkTasks({ limit: 100 });
  await passUntil();
  await fixture.store.takeProbe({ origin: ORIGIN, leaseMs: LEASE_MS });
  expect(await fixture.store.parkTasks({ limit: 100 })).toBe(0);
  await passUntil();
  expect(await fixture.store.parkTasks({ limit: 100 })).toBe(3);
});

test('what is over is forgotten, and open circuits are not', async () => {
  await hold('http://a.example', 'held-back', `now() - interval '1 s'`);
  await hold('http://b.example', 'returning', 'now()', `now() - interval '11 s'`);
  await hold('http://c.example', 'returning', 'now()', `now() - interval '9 s'`);
  await hold('http://d.example', 'circuit-open', `now() - interval '1 s'`);
  await fixture.store.removeEndedHolds({ returnMs: 10_000 });
  const { targets } = await fixture.store.findHeldTargets();
  expect(targets.map(({ key }) => key).toSorted()).toEqual(['http://c.example', 'http://d.example']);
});

test('a look tells whether anything is parked', async () => {
  expect(await fixture.store.findHeldTargets()).toEqual({ targets: [], hasParked: false });
  await submit(1);
  await open();
  await fixture.store.parkTasks({ limit: 1 });
  expect(await fixture.store.findHeldTargets()).toMatchObject({ hasParked: true });
});

test('schedulers are noted, and forgotten by themselves or after an hour', async () => {
  await change(`INSERT INTO dispatchr.schedulers VALUES ('old', now() - interval '2 hours'), ('new', now())`);
  await fixture.store.noteScheduler('me');
  await fixture.store.noteScheduler('me');
  const ids = async () =>
    (await change('SELECT id FROM dispatchr.schedulers ORDER BY id')).map(({ id }) => id);
  expect(await ids()).toEqual(['me', 'new']);
  await fixture.store.forgetScheduler('me');
  expect(await ids()).toEqual(['new']);
});
