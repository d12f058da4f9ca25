import type { ClaimedTask } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { dueTasks } from './testing/fake-store.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

const CONCURRENCY = 20;
let clock: FakeClock;
let rig: SchedulerRig;
let leases: number;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
  leases = 0;
});

/** So many due tasks for one target. */
function tasksFor(host: string, count: number, members: Partial<ClaimedTask> = {}): ClaimedTask[] {
  return dueTasks(count, { target: `http://${host}/`, ...members }).map((task, index) => {
    leases += 1;
    return { ...task, seq: leases, lease: leases, id: `${host}-${index + 1}` };
  });
}

/** The requests to a target so far. */
const sentTo = (host: string) => rig.deliverer.sent.filter(({ taskId }) => taskId.startsWith(`${host}-`));
const answerAll = (host: string) => sentTo(host).forEach((request) => request.answer(200));

describe('a target that hangs', () => {
  it('holds up no task for another one that is due with it', async () => {
    rig.store.due = [...tasksFor('dead', 3 * CONCURRENCY), ...tasksFor('other', 1)];
    await rig.start({ concurrency: CONCURRENCY });
    await clock.advance(0);
    expect(sentTo('dead')).toHaveLength(18);
    expect(sentTo('other')).toHaveLength(1);
  });

  it('holds up no task that becomes due later', async () => {
    rig.store.due = tasksFor('dead', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY });
    await clock.advance(10_000);
    rig.store.due.push(...tasksFor('other', 1));
    rig.store.wake();
    await clock.advance(0);
    expect(sentTo('other')).toHaveLength(1);
  });

  it('holds up no task that becomes due while it is looked for, even when nobody says so', async () => {
    rig.store.due = tasksFor('dead', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY, pollIntervalMs: 60_000 });
    await clock.advance(300_000);
    rig.store.nextDueInMs = 300;
    rig.store.wake();
    await clock.advance(299);
    rig.store.due.push(...tasksFor('other', 1));
    await clock.advance(1);
    expect(sentTo('other')).toHaveLength(1);
  });

  it('holds up no task for a third target together with a second that hangs', async () => {
    const dead = [...tasksFor('dead', 3 * CONCURRENCY), ...tasksFor('gone', 3 * CONCURRENCY)];
    rig.store.due = [...dead, ...tasksFor('other', 5)];
    await rig.start({ concurrency: CONCURRENCY });
    for (let round = 0; round < 5; round += 1) {
      await clock.advance(0);
      answerAll('other');
      await clock.advance(20);
    }
    expect(sentTo('gone').length).toBeGreaterThan(0);
    expect(sentTo('other')).toHaveLength(5);
  });

  it('has no more of its tasks claimed than can be sent, and so none released for want of a slot', async () => {
    rig.store.due = tasksFor('slow', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY });
    for (let second = 0; second < 20; second += 1) {
      await clock.advance(1000);
      sentTo('slow')[second]?.answer(200);
    }
    await clock.advance(1000);
    expect(new Set(rig.outcomes())).toEqual(new Set(['completed']));
    expect(sentTo('slow')).toHaveLength(38);
  });

  it('has its other tasks sent when it answers, at once and not at the next poll', async () => {
    rig.store.due = tasksFor('slow', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY, pollIntervalMs: 60_000 });
    await clock.advance(300_000);
    sentTo('slow')[0]?.answer(200);
    await clock.advance(10);
    expect(sentTo('slow')).toHaveLength(19);
    for (let round = 0; round < 10; round += 1) {
      answerAll('slow');
      await clock.advance(10);
    }
    expect(sentTo('slow')).toHaveLength(3 * CONCURRENCY);
  });

  it('does not have the database asked again and again while its tasks are all that is due', async () => {
    rig.store.due = tasksFor('dead', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY, pollIntervalMs: 1000 });
    await clock.advance(1000);
    const claims = rig.callsOf('claimDueTasks');
    await clock.advance(10_000);
    expect(rig.callsOf('claimDueTasks') - claims).toBeLessThan(15);
  });

  it('has the database spend a tenth of the time at most on reading past its tasks once that takes long, however many hints come', async () => {
    rig.store.due = tasksFor('dead', 3 * CONCURRENCY);
    await rig.start({ concurrency: CONCURRENCY });
    const { claimDueTasks } = rig.store;
    rig.store.claimDueTasks = async (claim) => {
      await new Promise<void>((resolve) => clock.timer(50, resolve));
      return claimDueTasks(claim);
    };
    const hintFor = async (ms: number) => {
      for (let hint = 0; hint < ms / 50; hint += 1) {
        rig.store.wake();
        await clock.advance(50);
      }
    };
    // One or a few that are long may be a busy machine's; a whole second of them is not.
    await hintFor(1000);
    const claims = rig.callsOf('claimDueTasks');
    await hintFor(5000);
    expect(rig.callsOf('claimDueTasks') - claims).toBeLessThanOrEqual(13);
    sentTo('dead')[0]?.answer(200);
    await clock.advance(500);
    expect(sentTo('dead')).toHaveLength(19);
  });

  it('holds up others for a second at most with tasks that were claimed ahead while it still answered', async () => {
    rig.store.due = tasksFor('was-quick', 400);
    await rig.start({ concurrency: CONCURRENCY });
    for (let round = 0; round < 10; round += 1) {
      answerAll('was-quick');
      await clock.advance(10);
    }
    const claimed = 400 - rig.store.due.length;
    expect(claimed).toBeGreaterThan(sentTo('was-quick').length);
    rig.store.due = tasksFor('other', 1);
    await clock.advance(1100);
    expect(sentTo('other')).toHaveLength(1);
  });
});
