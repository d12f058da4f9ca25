import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Scheduler } from './scheduler.ts';
import { dueTasks } from './testing/fake-store.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

/** Whether a promise is resolved by now. */
async function isResolved(promise: Promise<unknown>): Promise<boolean> {
  let resolved = false;
  void promise.then(() => (resolved = true));
  await clock.advance(0);
  return resolved;
}

describe('stopping', () => {
  it('waits for what is in flight and claims nothing more', async () => {
    rig.store.due = ['a', 'b', 'c'].flatMap((host, index) =>
      dueTasks(1, { seq: index, lease: index, target: `http://${host}/` }),
    );
    const scheduler = await rig.start({ concurrency: 2 });
    const stopped = scheduler.stop();
    await clock.advance(1000);
    expect(await isResolved(stopped)).toBe(false);
    rig.deliverer.answerAll(200);
    expect(await isResolved(stopped)).toBe(true);
    expect(rig.outcomes()).toEqual(['completed', 'completed']);
    expect(rig.deliverer.sent).toHaveLength(2);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('releases what is still in flight after the grace period, at no cost', async () => {
    rig.store.due = dueTasks(2);
    const scheduler = await rig.start({ gracePeriodMs: 3000 });
    const stopped = scheduler.stop();
    await clock.advance(2999);
    expect(rig.deliverer.sent.map(({ aborted }) => aborted)).toEqual([undefined, undefined]);
    await clock.advance(1);
    expect(rig.deliverer.sent.map(({ aborted }) => aborted)).toEqual(['released', 'released']);
    expect(rig.outcomes()).toEqual(['released', 'released']);
    expect(rig.store.settled[0]?.settlement).toEqual({ state: 'pending', delayMs: 0, attemptsUsed: 0 });
    expect(await isResolved(stopped)).toBe(true);
  });

  it('releases what a claim brings that was under way', async () => {
    const scheduler = await rig.start();
    let bring: (tasks: unknown) => void = () => {};
    rig.store.due = dueTasks(1);
    rig.store.intercept['claimDueTasks'] = () => new Promise((resolve) => (bring = resolve));
    rig.store.wake();
    await clock.advance(0);
    const stopped = scheduler.stop();
    await clock.advance(100);
    expect(await isResolved(stopped)).toBe(false);
    bring(rig.store.due);
    expect(await isResolved(stopped)).toBe(true);
    expect(rig.outcomes()).toEqual(['released']);
    expect(rig.deliverer.sent).toHaveLength(0);
  });

  it('claims nothing for a look at the lanes that was under way', async () => {
    const scheduler = await rig.start();
    let answer: (lanes: unknown) => void = () => {};
    rig.store.intercept['findDueLanes'] = () => new Promise((resolve) => (answer = resolve));
    scheduler.wake();
    await clock.advance(0);
    void scheduler.stop();
    answer({ lanes: [{ queue: 'default', priority: 0 }] });
    await clock.advance(10);
    expect(rig.callsOf('claimDueTasks')).toBe(0);
  });

  it('waits for settlements that are under way', async () => {
    rig.store.due = dueTasks(1);
    const scheduler = await rig.start();
    let commit: (stood: boolean) => void = () => {};
    rig.store.intercept['settleAttempt'] = () => new Promise((resolve) => (commit = resolve));
    rig.deliverer.answerAll(200);
    await clock.advance(0);
    const stopped = scheduler.stop();
    await clock.advance(1000);
    expect(await isResolved(stopped)).toBe(false);
    commit(true);
    expect(await isResolved(stopped)).toBe(true);
  });

  it('does not wait for a subscription to hints that never comes, and ends it if it comes after all', async () => {
    let subscribe: (unsubscribe: () => Promise<void>) => void = () => {};
    rig.store.intercept['onDue'] = () => new Promise((resolve) => (subscribe = resolve));
    const scheduler = await rig.start();
    expect(await isResolved(scheduler.stop())).toBe(true);
    let unsubscribed = false;
    subscribe(async () => void (unsubscribed = true));
    await clock.advance(0);
    expect(unsubscribed).toBe(true);
  });

  it('tries to release while the database is away, and ends less than two seconds after the grace period', async () => {
    rig.store.due = dueTasks(1);
    const scheduler = await rig.start({ gracePeriodMs: 1000 });
    rig.store.away = true;
    const stopped = scheduler.stop();
    await clock.advance(1000);
    expect(rig.store.calls).toContain('settleAttempt');
    await clock.advance(2000);
    expect(await isResolved(stopped)).toBe(true);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('still releases when the database comes back just then', async () => {
    rig.store.due = dueTasks(1);
    const scheduler = await rig.start({ gracePeriodMs: 1000 });
    rig.store.away = true;
    const stopped = scheduler.stop();
    await clock.advance(1200);
    rig.store.away = false;
    await clock.advance(800);
    expect(await isResolved(stopped)).toBe(true);
    expect(rig.outcomes()).toEqual(['released']);
  });

  it.each([
    ['a second call', (scheduler: Scheduler) => void scheduler.stop(), undefined],
    ['its signal', (_: Scheduler, over: AbortController) => over.abort(), new AbortController()],
  ])('ends at once by %s', async (_name, hurry, over = new AbortController()) => {
    rig.store.due = dueTasks(1);
    const scheduler = await rig.start();
    const stopped = scheduler.stop({ signal: over.signal });
    expect(await isResolved(stopped)).toBe(false);
    hurry(scheduler, over);
    expect(await isResolved(stopped)).toBe(true);
    expect(rig.deliverer.sent[0]?.aborted).toBe('released');
  });

  it('keeps renewing leases during the grace period', async () => {
    rig.store.due = dueTasks(1);
    const scheduler = await rig.start();
    void scheduler.stop({ graceMs: 60_000 });
    rig.store.calls = [];
    await clock.advance(30_000);
    expect(rig.store.calls).toEqual(['forgetScheduler', 'renewLeases', 'renewLeases', 'renewLeases']);
  });
});

describe('options', () => {
  it('that are unknown, missing or out of range are named, all at once', () => {
    const wrong = { concurency: 5, concurrency: 0, version: '', clock: undefined, pollIntervalMs: 1.5 };
    expect(() => rig.create(wrong as object)).toThrow(
      'scheduler options: unknown option "concurency"; expected the option clock, got none; ' +
        'expected concurrency to be an integer from 1 to 10000, got 0; ' +
        'expected pollIntervalMs to be an integer from 10 to 60000, got 1.5; ' +
        'expected version to be a text that is not empty, got ""',
    );
  });
});
