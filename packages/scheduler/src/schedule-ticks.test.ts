import { DatabaseUnavailableError } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { LOOK_EVERY_MS } from './schedule-ticks.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
let looksAt: number[];
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
  looksAt = [];
  const startMs = clock.monotonicMs();
  const { recordDueTicks } = rig.store;
  rig.store.recordDueTicks = () => {
    looksAt.push(clock.monotonicMs() - startMs);
    return recordDueTicks();
  };
});

describe('the ticks of schedules', () => {
  it('are looked for at once, and then every two seconds while none is near', async () => {
    rig.store.ticks = [{}, { nextInMs: 3_600_000 }];
    await rig.start();
    await clock.advance(2 * LOOK_EVERY_MS);
    expect(looksAt).toEqual([0, 2000, 4000]);
  });

  it('are looked for when the next is due', async () => {
    rig.store.ticks = [{ nextInMs: 0 }, { nextInMs: 300.2 }, { nextInMs: 1000 }];
    await rig.start();
    await clock.advance(2000);
    expect(looksAt).toEqual([0, 0, 301, 1301]);
  });

  it('are not late by the time that a look took', async () => {
    rig.store.intercept['recordDueTicks'] = async () => {
      await new Promise<void>((resolve) => void clock.timer(250, resolve));
      return { handled: 0, failures: [], nextInMs: 1000 };
    };
    await rig.start();
    await clock.advance(1500);
    expect(looksAt).toEqual([0, 1000]);
  });

  it('that cannot be recorded are told once, and again when they could in between', async () => {
    const failures = [{ schedule: 'nightly', error: new RangeError('a bad row') }];
    rig.store.ticks = [{ failures }, { failures }, {}, { failures }];
    await rig.start();
    await clock.advance(3 * LOOK_EVERY_MS);
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual(
      [1, 2].map(() => ({
        level: 'error',
        details: { schedule: 'nightly', err: failures[0]?.error },
        message: 'the schedule cannot tick',
      })),
    );
  });

  it('wait for a database that is away, at growing intervals, and go on when it is back', async () => {
    rig.store.away = true;
    await rig.start({ reconnectIntervalMs: 500, reconnectMaxIntervalMs: 5000 });
    await clock.advance(6500);
    expect(looksAt).toEqual([0, 450, 1350, 3150]);
    rig.store.away = false;
    await clock.advance(LOOK_EVERY_MS);
    expect(looksAt.slice(4)).toEqual([6750]);
    expect(rig.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
    rig.store.away = true;
    await clock.advance(LOOK_EVERY_MS);
    expect(looksAt.slice(5)).toEqual([8750, 9200, 10_100]);
  });

  it('go on after a look that failed for another reason, which is told', async () => {
    rig.store.intercept['recordDueTicks'] = () => Promise.reject(new SyntaxError('a bad answer'));
    await rig.start();
    await clock.advance(LOOK_EVERY_MS);
    expect(looksAt.length).toBeGreaterThan(1);
    expect(rig.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', details: { err: new SyntaxError('a bad answer') } }),
    );
  });

  it('say nothing about how long the database has answered: a look writes nothing', async () => {
    const refuse = () => Promise.reject(new DatabaseUnavailableError('read only'));
    rig.store.expireTasks = refuse;
    rig.store.noteScheduler = refuse;
    await rig.start();
    await clock.advance(40_000);
    expect(looksAt.length).toBeGreaterThan(15);
    expect(rig.store.calls).not.toContain('takeOverLostLeases');
  });

  it('end with the scheduler, which waits for a look that is under way', async () => {
    let answer: () => void = () => {};
    rig.store.intercept['recordDueTicks'] = () =>
      new Promise((resolve) => (answer = () => resolve({ handled: 1, failures: [], nextInMs: 0 })));
    const scheduler = await rig.start();
    let isStopped = false;
    void scheduler.stop().then(() => (isStopped = true));
    await clock.advance(1000);
    expect(isStopped).toBe(false);
    answer();
    await clock.advance(0);
    expect(isStopped).toBe(true);
    expect(looksAt).toEqual([0]);
    expect(clock.pendingTimers()).toBe(0);
  });
});
