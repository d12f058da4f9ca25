import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { dueTasks } from './testing/fake-store.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

describe('the sweep', () => {
  const lostAttempt = (lease: number, members = {}) => ({
    seq: lease,
    lease,
    id: `lost-${lease}`,
    attempt: 4,
    attemptsUsed: 1,
    sinceFirstClaimMs: 90_000,
    sinceClaimMs: 31_000.4,
    previousLeaseLost: false,
    ...members,
  });

  it('waits for 15 s of unbroken contact with the database', async () => {
    rig.store.lost = [lostAttempt(7)];
    await rig.start();
    await clock.advance(14_000);
    rig.store.away = true;
    await clock.advance(2000);
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
});
