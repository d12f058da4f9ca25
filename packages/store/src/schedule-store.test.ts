import { openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { JUST_NOW, moveTick, newSchedule, tickIds, yearsAgo } from '../test/schedule-rows.ts';

let fixture: TestStore;
let name: string;
beforeAll(async () => {
  fixture = await openTestStore();
});
beforeEach(() => {
  name = crypto.randomUUID();
});
afterAll(() => fixture.close());

/** The beginning of a year, from this one on by the database's clock. */
async function beginningOfYear(years: number): Promise<Date> {
  const text = `SELECT ${yearsAgo(-years)} AS at`;
  const [row] = await fixture.database.query({ name: 'year', role: 'read', text }, []);
  return row?.['at'] as Date;
}

describe('a put', () => {
  it('makes a schedule, which is answered as it is found then', async () => {
    const put = newSchedule({ missedTicks: 'all', overlap: 'skip' });
    const record = await fixture.store.putSchedule(name, put);
    const { task: _, ...shown } = put;
    expect(record).toEqual({
      ...shown,
      name,
      paused: false,
      createdAt: expect.any(Date),
      nextTickAt: await beginningOfYear(1),
    });
    expect(await fixture.store.findSchedule(name)).toEqual(record);
  });

  it('that changes neither cron nor time zone leaves the next tick, though it is due', async () => {
    const { createdAt } = await fixture.store.putSchedule(name, newSchedule());
    const nextTickAt = await moveTick(fixture, name, JUST_NOW);
    const changed = { source: '{"target":"http://127.0.0.1:9/other"}', overlap: 'skip' as const };
    expect(await fixture.store.putSchedule(name, newSchedule(changed))).toMatchObject({
      ...changed,
      createdAt,
      nextTickAt,
    });
  });

  it.each([
    ['cron', { cron: '0 0 1 1 *' }],
    ['time zone', { timeZone: 'Etc/UTC' }],
  ])('that changes the %s has it tick from now on', async (_member, changed) => {
    await fixture.store.putSchedule(name, newSchedule());
    await moveTick(fixture, name, JUST_NOW);
    const { nextTickAt } = await fixture.store.putSchedule(name, newSchedule(changed));
    expect(nextTickAt).toEqual(await beginningOfYear(1));
  });

  it('of a paused schedule leaves it paused', async () => {
    await fixture.store.putSchedule(name, newSchedule());
    await fixture.store.pauseSchedule(name);
    const record = await fixture.store.putSchedule(name, newSchedule({ cron: '@daily' }));
    expect(record).toMatchObject({ cron: '@daily', paused: true });
    expect(record).not.toHaveProperty('nextTickAt');
  });

  it.each([{ cron: '0 0 30 2 *' }, { timeZone: 'Atlantis' }])(
    'of %j is a bug and changes nothing',
    async (bad) => {
      await expect(async () => fixture.store.putSchedule(name, newSchedule(bad))).rejects.toThrow(RangeError);
      expect(await fixture.store.findSchedule(name)).toBeUndefined();
    },
  );

  it('twice at once makes one schedule', async () => {
    const put = () => fixture.store.putSchedule(name, newSchedule());
    const [first, second] = await Promise.all([put(), put()]);
    expect(first).toEqual(second);
  });
});

describe('a pause', () => {
  it('leaves ticks out until the schedule is resumed, those that were due too', async () => {
    await fixture.store.putSchedule(name, newSchedule({ missedTicks: 'all' }));
    await moveTick(fixture, name, JUST_NOW);
    const paused = await fixture.store.pauseSchedule(name);
    expect(paused).toMatchObject({ name, paused: true });
    expect(paused).not.toHaveProperty('nextTickAt');
    await fixture.store.recordDueTicks();
    const resumed = await fixture.store.resumeSchedule(name);
    expect(resumed).toMatchObject({ paused: false, nextTickAt: await beginningOfYear(1) });
    await fixture.store.recordDueTicks();
    expect(await tickIds(fixture, name)).toEqual([]);
  });

  it('of a paused schedule and a resume of another change nothing', async () => {
    await fixture.store.putSchedule(name, newSchedule());
    const nextTickAt = await moveTick(fixture, name, `now() + interval '1 day'`);
    expect(await fixture.store.resumeSchedule(name)).toMatchObject({ paused: false, nextTickAt });
    const paused = await fixture.store.pauseSchedule(name);
    expect(await fixture.store.pauseSchedule(name)).toEqual(paused);
  });

  it('of none answers with nothing', async () => {
    expect(await fixture.store.pauseSchedule(name)).toBeUndefined();
    expect(await fixture.store.resumeSchedule(name)).toBeUndefined();
  });
});

describe('a run', () => {
  it('records one task that is due at once, and leaves the ticks as they are', async () => {
    const put = newSchedule();
    const { nextTickAt } = await fixture.store.putSchedule(name, put);
    const id = crypto.randomUUID();
    const task = await fixture.store.runSchedule(name, id);
    const found = await fixture.store.findTask(id);
    expect(found?.task).toEqual(task);
    expect(found).toMatchObject({
      task: { id, state: 'pending', target: put.task.target, dueAt: task?.createdAt },
      content: { taskArgs: put.task.taskArgs },
    });
    const record = await fixture.store.findSchedule(name);
    expect(record).toMatchObject({ lastTaskId: id, nextTickAt });
    expect(record).not.toHaveProperty('lastTickAt');
  });

  it('is for a paused schedule too, which stays paused', async () => {
    await fixture.store.putSchedule(name, newSchedule());
    await fixture.store.pauseSchedule(name);
    const id = crypto.randomUUID();
    expect(await fixture.store.runSchedule(name, id)).toMatchObject({ id });
    expect(await fixture.store.findSchedule(name)).toMatchObject({ paused: true, lastTaskId: id });
  });

  it('under an id that is taken fails and notes nothing', async () => {
    await fixture.store.putSchedule(name, newSchedule());
    const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
    await fixture.store.runSchedule(name, first);
    await fixture.store.runSchedule(name, second);
    await expect(fixture.store.runSchedule(name, first)).rejects.toThrow('which is taken');
    expect(await fixture.store.findSchedule(name)).toMatchObject({ lastTaskId: second });
  });

  it('of none records nothing', async () => {
    const id = crypto.randomUUID();
    expect(await fixture.store.runSchedule(name, id)).toBeUndefined();
    expect(await fixture.store.findTask(id)).toBeUndefined();
  });
});

it('a delete leaves the tasks, and no tick comes any more', async () => {
  await fixture.store.putSchedule(name, newSchedule());
  await moveTick(fixture, name, JUST_NOW);
  await fixture.store.recordDueTicks();
  await moveTick(fixture, name, JUST_NOW);
  expect(await fixture.store.deleteSchedule(name)).toBe(true);
  expect(await fixture.store.findSchedule(name)).toBeUndefined();
  await fixture.store.recordDueTicks();
  expect(await tickIds(fixture, name)).toHaveLength(1);
  expect(await fixture.store.deleteSchedule(name)).toBe(false);
});

it('a list is by name by code point, page by page', async () => {
  const own = await openTestStore();
  try {
    const names = ['B', 'Z', '_', 'a', 'b'];
    for (const each of names.toReversed()) await own.store.putSchedule(each, newSchedule());
    const found: string[][] = [];
    let after: string | undefined;
    do {
      const page = await own.store.listSchedules({ limit: 2, ...(after !== undefined && { after }) });
      found.push(page.items.map((item) => item.name));
      after = page.next;
    } while (after !== undefined);
    expect(found).toEqual([['B', 'Z'], ['_', 'a'], ['b']]);
    const [item] = (await own.store.listSchedules({ limit: 1 })).items;
    expect(item).toEqual(await own.store.findSchedule('B'));
  } finally {
    await own.close();
  }
});
