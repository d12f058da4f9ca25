import { createTaskStore, type TickReport } from '@dispatchr/store';
import { openTestDatabase, openTestStore, type TestStore, testStoreOptions } from '@dispatchr/testkit';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordDueTicks } from './record-due-ticks.ts';
import { JUST_NOW, moveTick, newSchedule, tickIds, yearsAgo } from '../test/schedule-rows.ts';

/** One database a test: a call sees to all schedules that there are. */
let fixture: TestStore;
beforeEach(async () => {
  fixture = await openTestStore();
});
afterEach(() => fixture.close());

const runSql = (text: string) => fixture.database.query({ name: text.slice(0, 40), role: 'read', text }, []);
const idOf = (name: string, tick: Date) => `${name}:${tick.toISOString().replace('.000', '')}`;

/** Puts a schedule whose next tick is due. */
async function putDue(name: string, nextTickAt: string, members: Parameters<typeof newSchedule>[0] = {}) {
  await fixture.store.putSchedule(name, newSchedule(members));
  return moveTick(fixture, name, nextTickAt);
}

describe('a tick that is due', () => {
  it('records its task as a submit would, due at the tick', async () => {
    const task = {
      ...newSchedule().task,
      taskArgs: '{"big": 12345678901234567890}',
      headers: { 'x-tenant': 'ada' },
      retry: { maxAttempts: 3 },
      timeoutMs: 1000,
      priority: 5,
      queue: 'reports',
      flowKey: 'ada',
    };
    const tick = await putDue('nightly', JUST_NOW, { task });
    expect(await fixture.store.recordDueTicks()).toEqual({
      handled: 1,
      failures: [],
      nextInMs: expect.any(Number),
    });
    const id = idOf('nightly', tick);
    const { taskArgs, headers, origin: _, ...members } = task;
    expect(await fixture.store.findTask(id)).toMatchObject({
      task: { ...members, id, state: 'pending', dueAt: tick },
      content: { taskArgs, headers },
    });
    expect(await fixture.store.findSchedule('nightly')).toMatchObject({ lastTickAt: tick, lastTaskId: id });
  });

  it('is followed by the next, which is told in milliseconds', async () => {
    await putDue('nightly', JUST_NOW);
    const { nextInMs } = await fixture.store.recordDueTicks();
    const { nextTickAt } = (await fixture.store.findSchedule('nightly')) ?? {};
    const [row] = await runSql(`SELECT now() AS now`);
    const leftMs = Number(nextTickAt) - Number(row?.['now']);
    expect(nextInMs).toBeGreaterThanOrEqual(leftMs);
    expect(nextInMs).toBeLessThan(leftMs + 60_000);
  });

  it('is told once its task is recorded, and only then', async () => {
    const onRecorded = vi.fn<() => void>();
    await recordDueTicks(fixture.database, onRecorded);
    await putDue('nightly', yearsAgo(1), { missedTicks: 'skip' });
    await recordDueTicks(fixture.database, onRecorded);
    expect(onRecorded).not.toHaveBeenCalled();
    await moveTick(fixture, 'nightly', JUST_NOW);
    await recordDueTicks(fixture.database, onRecorded);
    expect(onRecorded).toHaveBeenCalledOnce();
  });

  it('whose id belongs to a task already records no other', async () => {
    const tick = await putDue('nightly', JUST_NOW, { task: { ...newSchedule().task, queue: 'other' } });
    const { id: _, ...task } = { ...newSchedule().task, id: '' };
    await fixture.store.submitTask({ ...task, id: idOf('nightly', tick) });
    expect(await fixture.store.recordDueTicks()).toMatchObject({ handled: 0, failures: [] });
    expect(await fixture.store.findTask(idOf('nightly', tick))).toMatchObject({ task: { queue: 'default' } });
    const record = await fixture.store.findSchedule('nightly');
    expect(record?.nextTickAt?.getTime()).toBeGreaterThan(tick.getTime());
    expect(record).not.toHaveProperty('lastTaskId');
  });
});

describe('ticks that were missed', () => {
  it.each([
    ['skip', []],
    ['one', [0]],
    ['all', [2, 1, 0]],
  ] as const)('are treated by the policy %s', async (missedTicks, years) => {
    const first = await putDue('yearly', yearsAgo(2), { missedTicks });
    await fixture.store.recordDueTicks();
    const thisYear = first.getUTCFullYear() + 2;
    expect(await tickIds(fixture, 'yearly')).toEqual(
      years.map((ago) => `yearly:${thisYear - ago}-01-01T00:00:00Z`),
    );
    const nextTickAt = new Date(Date.UTC(thisYear + 1, 0, 1));
    expect(await fixture.store.findSchedule('yearly')).toMatchObject({ nextTickAt });
  });

  it('are made up for a few at a time, so that one schedule does not hold up the others', async () => {
    await putDue('yearly', yearsAgo(24), { missedTicks: 'all' });
    await putDue('nightly', JUST_NOW);
    const reports: TickReport[] = [];
    do reports.push(await fixture.store.recordDueTicks());
    while (reports.at(-1)?.nextInMs === 0);
    expect(reports.map(({ handled }) => handled)).toEqual([11, 10, 5]);
    expect(await tickIds(fixture, 'yearly')).toHaveLength(25);
  });
});

describe('with overlap skip a tick', () => {
  it('is left out while the last task is unfinished', async () => {
    const tick = await putDue('yearly', yearsAgo(2), { missedTicks: 'all', overlap: 'skip' });
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, 'yearly')).toEqual([idOf('yearly', tick)]);
    await moveTick(fixture, 'yearly', JUST_NOW);
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, 'yearly')).toHaveLength(1);

    await fixture.store.cancelTask(idOf('yearly', tick));
    const later = await moveTick(fixture, 'yearly', JUST_NOW);
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, 'yearly')).toEqual([idOf('yearly', tick), idOf('yearly', later)]);
  });

  it('is left out while the task of a run is unfinished', async () => {
    await putDue('yearly', JUST_NOW, { overlap: 'skip' });
    const run = crypto.randomUUID();
    await fixture.store.runSchedule('yearly', run);
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, 'yearly')).toEqual([]);
    expect(await fixture.store.findSchedule('yearly')).toMatchObject({ lastTaskId: run });
  });

  it('is recorded if the task that has the id of the one before is not its own', async () => {
    const tick = await putDue('yearly', yearsAgo(1), { missedTicks: 'all', overlap: 'skip' });
    await fixture.store.submitTask({ ...newSchedule().task, id: idOf('yearly', tick) });
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, 'yearly')).toHaveLength(2);
  });
});

it('a tick is recorded once, however many schedulers look', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `every-${index}`);
  const policies = ['allow', 'skip'] as const;
  for (const [index, name] of names.entries())
    await putDue(name, yearsAgo(24), { missedTicks: 'all', overlap: policies[index % 2] ?? 'allow' });
  const databases = await Promise.all([1, 2, 3, 4].map(() => openTestDatabase(fixture.url)));
  const stores = databases.map((database, index) => createTaskStore(database, testStoreOptions(`${index}`)));
  try {
    const handled = await Promise.all(
      stores.map(async (store) => {
        let sum = 0;
        for (;;) {
          const report = await store.recordDueTicks();
          expect(report.failures).toEqual([]);
          sum += report.handled;
          if ((report.nextInMs ?? Infinity) > 1000) return sum;
        }
      }),
    );
    const perSchedule = await Promise.all(names.map(async (name) => (await tickIds(fixture, name)).length));
    expect(perSchedule).toEqual(names.map((_, index) => (index % 2 === 0 ? 25 : 1)));
    expect(handled.reduce((sum, each) => sum + each, 0)).toBe(
      perSchedule.reduce((sum, each) => sum + each, 0),
    );
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
});

it('a tick that was decided about before the schedule was changed is not recorded', async () => {
  await putDue('nightly', JUST_NOW);
  let decided: () => void = () => {};
  const isDecided = new Promise<void>((resolve) => (decided = resolve));
  let goOn: () => void = () => {};
  const mayGoOn = new Promise<void>((resolve) => (goOn = resolve));
  const database = await openTestDatabase(fixture.url);
  const slow = createTaskStore(
    {
      kind: database.kind,
      query: (statement, values) => database.query(statement, values),
      listen: (channel, onNotify) => database.listen(channel, onNotify),
      close: () => database.close(),
      async transaction(role, work) {
        decided();
        await mayGoOn;
        return database.transaction(role, work);
      },
    },
    testStoreOptions('slow'),
  );
  const looking = slow.recordDueTicks();
  await isDecided;
  await fixture.store.pauseSchedule('nightly');
  goOn();
  expect(await looking).toMatchObject({ handled: 0, failures: [] });
  await slow.close();
  expect(await tickIds(fixture, 'nightly')).toEqual([]);
  expect(await fixture.store.findSchedule('nightly')).toMatchObject({ paused: true });
});

it('a schedule that is being written is passed over, and looked at again soon', async () => {
  await putDue('busy', JUST_NOW);
  await putDue('free', JUST_NOW);
  await fixture.database.transaction('read', async (transaction) => {
    const text = `SELECT FROM dispatchr.schedules WHERE name = 'busy' FOR UPDATE`;
    await transaction.query({ name: 'hold', role: 'read', text }, []);
    expect(await fixture.store.recordDueTicks()).toEqual({ handled: 1, failures: [], nextInMs: 50 });
  });
  expect(await tickIds(fixture, 'busy')).toEqual([]);
  await fixture.store.recordDueTicks();
  expect(await tickIds(fixture, 'busy')).toHaveLength(1);
});

it.each([
  ['whose cron is none', `cron = 'never'`],
  ['whose time zone is none', `time_zone = 'Atlantis'`],
  ['whose task is no JSON', `task = '{'`],
  [
    'whose task cannot be recorded',
    `task = '{"target":"http://127.0.0.1:9/","origin":"http://127.0.0.1:9"}'`,
  ],
])('a schedule %s keeps none of the others from ticking', async (_what, broken) => {
  const tick = await putDue('broken', JUST_NOW);
  await putDue('sound', JUST_NOW);
  await runSql(`UPDATE dispatchr.schedules SET ${broken} WHERE name = 'broken'`);
  const report = await fixture.store.recordDueTicks();
  expect(report).toMatchObject({ handled: 1, failures: [{ schedule: 'broken', error: expect.any(Error) }] });
  expect(report.nextInMs).not.toBe(0);
  expect(await tickIds(fixture, 'sound')).toHaveLength(1);
  // Nothing of it is lost once it is mended.
  expect(await fixture.store.findSchedule('broken')).toMatchObject({ nextTickAt: tick });
  await fixture.store.deleteSchedule('broken');
});

it('a look tells of no next tick where there is none', async () => {
  await fixture.store.putSchedule('paused', newSchedule());
  await fixture.store.pauseSchedule('paused');
  expect(await fixture.store.recordDueTicks()).toEqual({ handled: 0, failures: [] });
});
