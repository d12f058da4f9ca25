import { DatabaseUnavailableError } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { dueTasks } from './testing/fake-store.ts';
import { lostAttempt } from './testing/lost-attempt.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

const pastDeadline = () => Promise.reject(new DatabaseUnavailableError('no answer in time'));

/** A claim that fails, and whose commit then brings these leases. */
function failClaim(...leases: number[]): void {
  rig.store.intercept['claimDueTasks'] = () => {
    rig.store.unheld = leases.map((lease) => lostAttempt(lease));
    return pastDeadline();
  };
}

describe('a claim that failed but was committed', () => {
  it('is taken back before anything else is claimed, and its tasks are due again at no cost', async () => {
    rig.store.due = dueTasks(1);
    failClaim(7, 8);
    await rig.start();
    await clock.advance(1000);
    expect(rig.store.settled.slice(0, 2)).toEqual(
      [7, 8].map((lease) => ({
        seq: lease,
        lease,
        settlement: { state: 'pending', delayMs: 0, attemptsUsed: 1 },
        attempt: { outcome: 'released', errorCode: 'released', durationMs: 31_000 },
      })),
    );
    const { calls } = rig.store;
    expect(calls.indexOf('takeBackUnheld')).toBeLessThan(calls.lastIndexOf('claimDueTasks'));
    expect(rig.deliverer.sent).toHaveLength(1);
    expect(rig.log.lines.filter(({ details }) => 'tasks' in details)).toEqual([
      expect.objectContaining({ level: 'warn', details: { tasks: 2 } }),
    ]);
  });

  it('keeps further claims waiting until the look succeeds', async () => {
    rig.store.due = dueTasks(1);
    failClaim();
    let looks = 0;
    const { takeOverLostLeases } = rig.store;
    rig.store.takeOverLostLeases = (sweep) => (looks++ < 2 ? pastDeadline() : takeOverLostLeases(sweep));
    await rig.start({ reconnectIntervalMs: 500 });
    await clock.advance(1000);
    expect(looks).toBeGreaterThan(0);
    expect(rig.callsOf('claimDueTasks')).toBe(1);
    await clock.advance(5000);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('is found when its commit comes late, within a minute', async () => {
    failClaim();
    rig.store.due = dueTasks(1);
    await rig.start();
    await clock.advance(40_000);
    expect(rig.outcomes()).toEqual([]);
    rig.store.unheld = [lostAttempt(7)];
    await clock.advance(6000);
    expect(rig.outcomes()).toEqual(['released']);
    await clock.advance(30_000);
    const looks = rig.callsOf('takeBackUnheld');
    expect(looks).toBeGreaterThan(8);
    await clock.advance(30_000);
    expect(rig.callsOf('takeBackUnheld')).toBe(looks);
  });

  it('leaves alone what is in hand, and what is being released', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    failClaim(1, 7);
    rig.store.due = dueTasks(1, { lease: 2 });
    let settle: (settled: boolean) => void = () => {};
    rig.store.intercept['settleAttempt'] = () => new Promise((resolve) => (settle = resolve));
    rig.store.wake();
    await clock.advance(20_000);
    expect(rig.callsOf('settleAttempt')).toBe(1);
    settle(true);
    rig.store.unheld = [];
    await clock.advance(10_000);
    expect(rig.callsOf('settleAttempt')).toBe(1);
    expect(rig.deliverer.sent.map(({ aborted }) => aborted)).toEqual([undefined, undefined]);
  });

  it('counts an attempt that was made here and could not be settled', async () => {
    const { attempt } = lostAttempt(7);
    rig.store.due = dueTasks(1, { seq: 7, attempt });
    const { settleAttempt } = rig.store;
    rig.store.settleAttempt = () => Promise.reject(new Error('a value is out of range'));
    await rig.start();
    rig.deliverer.answerAll(503);
    await clock.advance(20_000);
    rig.store.settleAttempt = settleAttempt;
    failClaim(7, 8);
    rig.store.due = dueTasks(1, { seq: 9, lease: 9 });
    await clock.advance(10_000);
    expect(rig.outcomes()).toEqual(['lease-lost', 'released']);
  });

  it('is looked for no later than the database was asked, so that a look that runs late takes nothing newer', async () => {
    rig.store.due = dueTasks(1);
    failClaim(7);
    const looks: unknown[] = [];
    const { takeOverLostLeases } = rig.store;
    rig.store.takeOverLostLeases = (sweep) => {
      looks.push(sweep.whose);
      return takeOverLostLeases(sweep);
    };
    await rig.start();
    await clock.advance(1000);
    expect(looks[0]).toMatchObject({ claimedUntil: new Date(0) });
  });

  it('is taken back at a stop too', async () => {
    const scheduler = await rig.start();
    rig.store.due = dueTasks(1);
    let fail: (error: Error) => void = () => {};
    rig.store.intercept['claimDueTasks'] = () => new Promise((_, reject) => (fail = reject));
    rig.store.wake();
    await clock.advance(0);
    const stopped = scheduler.stop();
    await clock.advance(10);
    rig.store.unheld = [lostAttempt(7)];
    fail(new DatabaseUnavailableError('no answer in time'));
    await clock.advance(10);
    await stopped;
    expect(rig.outcomes()).toEqual(['released']);
    expect(clock.pendingTimers()).toBe(0);
  });

  it('does not have a claim of its own looked for while none failed', async () => {
    rig.store.due = dueTasks(3);
    await rig.start();
    await clock.advance(60_000);
    expect(rig.store.calls).not.toContain('takeBackUnheld');
  });
});
