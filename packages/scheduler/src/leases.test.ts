import { setImmediate } from 'node:timers/promises';
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

describe('leases', () => {
  it('are renewed every ten seconds in one call, of tasks in flight and of those that wait', async () => {
    rig.store.due = dueTasks(3);
    await rig.start();
    await clock.advance(10_000);
    expect(rig.callsOf('renewLeases')).toBe(1);
    await clock.advance(30_000);
    expect(rig.callsOf('renewLeases')).toBeGreaterThan(3);
  });

  it('that stand no longer abort their request, and nothing is settled', async () => {
    rig.store.due = dueTasks(2);
    await rig.start();
    rig.store.lostLeases.add(1);
    await clock.advance(10_000);
    expect(rig.deliverer.sent.map(({ aborted }) => aborted)).toEqual(['lease-lost', undefined]);
    rig.deliverer.sent[1]?.answer(200);
    await clock.advance(0);
    expect(rig.store.settled.map(({ lease }) => lease)).toEqual([2]);
    expect(rig.log.lines).toContainEqual(
      expect.objectContaining({ level: 'warn', details: { taskId: 'task-1', attempt: 1 } }),
    );
  });

  it('that are lost while their task waits for a slot keep it from being sent, and nothing is settled', async () => {
    await rig.start({ concurrency: 4 });
    await clock.advance(9200);
    rig.store.due = dueTasks(40);
    rig.store.wake();
    // Quick answers make it claim ahead.
    for (let round = 0; round < 8; round += 1) {
      rig.deliverer.answerAll(200);
      await clock.advance(99);
    }
    const sent = rig.deliverer.sent.length;
    const claimed = 40 - rig.store.due.length;
    for (let lease = sent + 1; lease <= claimed; lease += 1) rig.store.lostLeases.add(lease);
    rig.store.due = [];
    await clock.advance(10_000 - 9200 - 8 * 99);
    rig.deliverer.answerAll(200);
    await clock.advance(0);
    expect(claimed).toBeGreaterThan(sent);
    expect(rig.deliverer.sent).toHaveLength(sent);
    expect(rig.outcomes()).toEqual(Array(sent).fill('completed'));
  });

  it('are tried again soon when a renewal fails, and no request is aborted for it', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    rig.store.away = true;
    await clock.advance(12_000);
    expect(rig.callsOf('renewLeases')).toBeGreaterThan(1);
    expect(rig.deliverer.sent[0]?.aborted).toBeUndefined();
  });

  it('that were given back during the renewal are not taken for lost', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    rig.store.intercept['renewLeases'] = async () => {
      rig.deliverer.answerAll(200);
      await setImmediate();
      return [];
    };
    await clock.advance(10_000);
    expect(rig.outcomes()).toEqual(['completed']);
    expect(rig.deliverer.sent[0]?.aborted).toBeUndefined();
  });
});
