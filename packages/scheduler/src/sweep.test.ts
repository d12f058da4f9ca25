import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { SWEEP_BATCH } from './sweep.ts';
import { dueTasks } from './testing/fake-store.ts';
import { lostAttempt } from './testing/lost-attempt.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

describe('the sweep', () => {
  it('waits for 15 s of unbroken contact with the database', async () => {
    rig.store.lost = [lostAttempt(7)];
    await rig.start();
    await clock.advance(14_000);
    rig.store.away = true;
    await clock.advance(20_000);
    rig.store.away = false;
    await clock.advance(14_000);
    expect(rig.store.calls).not.toContain('takeOverLostLeases');
    await clock.advance(10_000);
    expect(rig.store.calls).toContain('takeOverLostLeases');
  });

  it('settles a lost attempt, counted and due at once', async () => {
    rig.store.lost = [lostAttempt(7)];
    await rig.start();
    await clock.advance(21_000);
    expect(rig.store.settled).toEqual([
      {
        seq: 7,
        lease: 7,
        settlement: { state: 'pending', delayMs: 0, attemptsUsed: 2 },
        attempt: { outcome: 'lease-lost', errorCode: 'lease-lost', durationMs: 31_000 },
      },
    ]);
  });

  it('holds a task back that was lost twice in a row, which may be what kills its schedulers', async () => {
    rig.store.lost = [lostAttempt(7, { previousLeaseLost: true, retry: { minBackoffMs: 1000, jitter: 0 } })];
    await rig.start();
    await clock.advance(21_000);
    expect(rig.store.settled[0]?.settlement).toEqual({ state: 'pending', delayMs: 2000, attemptsUsed: 2 });
  });

  it('goes on past a row that cannot be settled', async () => {
    const broken = Object.defineProperty(lostAttempt(7), 'retry', {
      get: () => {
        throw new Error('a bad row');
      },
    });
    rig.store.lost = [broken, lostAttempt(8)];
    await rig.start();
    await clock.advance(21_000);
    expect(rig.store.settled.map(({ lease }) => lease)).toEqual([8]);
    expect(rig.store.calls).toContain('expireTasks');
    expect(rig.log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        details: expect.objectContaining({ taskId: 'lost-7', attempt: 4 }),
      }),
    );
  });

  it('does not begin before the own leases are renewed', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    rig.store.renewLeases = () => Promise.reject(new Error('refused'));
    await clock.advance(8000);
    rig.store.calls = [];
    await clock.advance(40_000);
    expect(rig.store.calls).not.toContain('takeOverLostLeases');
  });

  it('renews the own leases right before each take-over, however fresh they are', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    await clock.advance(60_000);
    const before = rig.store.calls.flatMap((call, index) =>
      call === 'takeOverLostLeases' ? [rig.store.calls[index - 1]] : [],
    );
    expect(before.length).toBeGreaterThan(5);
    expect(new Set(before)).toEqual(new Set(['renewLeases']));
  });

  it('breaks its own delivery off before it settles that attempt as lost', async () => {
    rig.store.due = dueTasks(2);
    await rig.start();
    rig.store.lost = [lostAttempt(70, { seq: 1, id: 'task-1', attempt: 1 })];
    let abortedAtSettle: unknown;
    rig.store.intercept['settleAttempt'] = async () => {
      abortedAtSettle = rig.deliverer.sent[0]?.aborted;
      return true;
    };
    await clock.advance(21_000);
    expect(abortedAtSettle).toBe('lease-lost');
    expect(rig.deliverer.sent[1]?.aborted).toBeUndefined();
    expect(rig.callsOf('settleAttempt')).toBe(1);
  });

  it.each(['takeOverLostLeases', 'expireTasks', 'pruneTasks'])(
    'takes its other steps when %s fails, and says which did',
    async (failing) => {
      const steps = ['takeOverLostLeases', 'expireTasks', 'pruneTasks'];
      const watched = rig.store as unknown as Record<string, () => Promise<unknown>>;
      watched[failing] = () => Promise.reject(new SyntaxError('a bad row'));
      await rig.start();
      await clock.advance(90_000);
      for (const step of steps.filter((name) => name !== failing)) expect(rig.store.calls).toContain(step);
      expect(rig.log.lines).toContainEqual(
        expect.objectContaining({
          level: 'error',
          details: { step: expect.any(String), err: new SyntaxError('a bad row') },
        }),
      );
    },
  );

  it('prunes in small steps until a step is not full', async () => {
    rig.store.prunes = [1000, 1000, 17];
    await rig.start();
    await clock.advance(90_000);
    expect(rig.store.prunes).toEqual([]);
    expect(rig.callsOf('pruneTasks')).toBeLessThan(6);
  });

  it('takes over every lease at the start of an embedded database, before the first claim', async () => {
    rig = createSchedulerRig(clock, 'embedded');
    rig.store.lost = [lostAttempt(7)];
    rig.store.due = dueTasks(1);
    await rig.start();
    expect(rig.store.calls[0]).toBe('takeOverEveryLease');
    expect(rig.store.calls.indexOf('settleAttempt')).toBeLessThan(rig.store.calls.indexOf('findDueLanes'));
    expect(rig.outcomes()).toEqual(['lease-lost']);
  });

  it('that cannot take over at the start of an embedded database does not prevent the start', async () => {
    rig = createSchedulerRig(clock, 'embedded');
    rig.store.intercept['takeOverEveryLease'] = () => Promise.reject(new SyntaxError('a bad row'));
    rig.store.due = dueTasks(1);
    await rig.start();
    expect(rig.deliverer.sent).toHaveLength(1);
    expect(rig.log.lines).toContainEqual(expect.objectContaining({ level: 'error' }));
  });

  it('ends at the start of an embedded database although a whole batch cannot be settled', async () => {
    rig = createSchedulerRig(clock, 'embedded');
    const stuck = Array.from({ length: SWEEP_BATCH }, (_, index) => lostAttempt(index + 1));
    let takeOvers = 0;
    rig.store.takeOverLostLeases = async () => {
      takeOvers += 1;
      if (takeOvers > 10) throw new Error('expected an end');
      return stuck;
    };
    rig.store.settleAttempt = () => Promise.reject(new Error('refused'));
    await rig.start();
    await clock.advance(100);
    expect(takeOvers).toBe(1);
    expect(rig.callsOf('findDueLanes')).toBeGreaterThan(0);
  });
});
