import { DatabaseUnavailableError, type ClaimedTask } from '@dispatchr/store';
import { createFakeClock, type FakeClock } from '@dispatchr/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SchedulerOptions } from './options.ts';
import { claimedTask } from './testing/claimed-task.ts';
import { dueTasks } from './testing/fake-store.ts';
import { lostAttempt } from './testing/lost-attempt.ts';
import { createSchedulerRig, type SchedulerRig } from './testing/scheduler-rig.ts';

let clock: FakeClock;
let rig: SchedulerRig;
beforeEach(() => {
  clock = createFakeClock();
  rig = createSchedulerRig(clock);
});

const askedFor = (shares: readonly { quota: number }[]) => shares.reduce((sum, { quota }) => sum + quota, 0);

describe('claiming', () => {
  it('sends a due task and settles what its target said', async () => {
    rig.store.due = [claimedTask({ taskArgs: '[1]', timeoutMs: 1234 })];
    await rig.start();
    expect(rig.deliverer.sent).toMatchObject([{ timeoutMs: 1234 }]);
    expect(rig.deliverer.sent[0]?.request.body?.toString()).toBe('{"taskName":"greet","taskArgs":[1]}');
    await clock.advance(70);
    rig.deliverer.sent[0]?.answer(204);
    await clock.advance(0);
    expect(rig.store.settled).toEqual([
      {
        seq: 1,
        lease: 1,
        settlement: { state: 'completed', attemptsUsed: 0 },
        attempt: { outcome: 'completed', durationMs: 70, status: 204 },
      },
    ]);
  });

  it('puts a task back after a retryable answer, by its own policy', async () => {
    rig.store.due = [claimedTask({ attemptsUsed: 2, retry: { minBackoffMs: 1000, jitter: 0 } })];
    await rig.start();
    rig.deliverer.answerAll(500);
    await clock.advance(0);
    expect(rig.store.settled[0]?.settlement).toEqual({ state: 'pending', delayMs: 4000, attemptsUsed: 3 });
  });

  it('has as many requests in flight as allowed, and goes on as soon as one ends', async () => {
    rig.store.due = ['a', 'b', 'c', 'd', 'e'].flatMap((host, index) =>
      dueTasks(1, { seq: index, lease: index, target: `http://${host}/` }),
    );
    await rig.start({ concurrency: 2 });
    expect(rig.deliverer.sent).toHaveLength(2);
    expect(rig.store.due).toHaveLength(3);
    rig.deliverer.sent[0]?.answer(200);
    await clock.advance(0);
    expect(rig.deliverer.sent).toHaveLength(3);
  });

  it('shares the slots among queues and interleaves flow keys', async () => {
    rig.store.due = [
      ...dueTasks(50, { queue: 'a', flowKey: 'big' }),
      ...dueTasks(1, { queue: 'a', flowKey: 'small', id: 'small' }),
      ...dueTasks(50, { queue: 'b', flowKey: 'b' }),
    ].map((task, index) => ({ ...task, lease: index + 1, origin: `http://host-${index}` }));
    await rig.start({ concurrency: 60 });
    const ids = rig.deliverer.sent.map(({ taskId }) => taskId);
    expect(ids.slice(0, 30)).toContain('task-2');
    const queueOf = (request: { headers: string[] }) =>
      request.headers[request.headers.indexOf('Dispatchr-Queue') + 1];
    const queues = rig.deliverer.sent.map(({ request }) => queueOf(request));
    expect(queues.filter((queue) => queue === 'a')).toHaveLength(30);
    expect(queues.slice(0, 2)).toEqual(['a', 'b']);
  });

  it('sends what a claim brought of one queue by priority, and by due time among equals', async () => {
    const [early, late] = [new Date('2026-01-01T00:00:00Z'), new Date('2026-01-01T00:00:01Z')];
    rig.store.due = [
      ...dueTasks(1, { id: 'low', priority: 0, dueAt: early }),
      ...dueTasks(1, { id: 'late', priority: 5, dueAt: late }),
      ...dueTasks(1, { id: 'early', priority: 5, dueAt: early }),
    ].map((task, index) => ({ ...task, lease: index + 1 }));
    await rig.start();
    expect(rig.deliverer.sent.map(({ taskId }) => taskId)).toEqual(['early', 'late', 'low']);
  });

  it('is woken by a hint, and not only by polling', async () => {
    await rig.start();
    rig.store.due = dueTasks(1);
    rig.store.wake();
    await clock.advance(0);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('subscribes to hints again when the database was away at the start', async () => {
    rig.store.intercept['onDue'] = () => Promise.reject(new Error('cannot listen'));
    await rig.start();
    await clock.advance(500);
    rig.store.due = dueTasks(1);
    rig.store.wake();
    await clock.advance(0);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('wakes for the next task that falls due before the poll', async () => {
    rig.store.nextDueInMs = 300;
    await rig.start();
    rig.store.due = dueTasks(1);
    await clock.advance(299);
    expect(rig.deliverer.sent).toHaveLength(0);
    await clock.advance(1);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('polls when no hint comes', async () => {
    await rig.start({ pollIntervalMs: 1000 });
    rig.store.due = dueTasks(1);
    await clock.advance(1000);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('does not look at the database for room alone when nothing more was due', async () => {
    rig.store.due = dueTasks(3);
    await rig.start({ concurrency: 10 });
    const looks = rig.callsOf('findDueLanes');
    rig.deliverer.answerAll(200);
    await clock.advance(0);
    expect(rig.callsOf('findDueLanes')).toBe(looks);
  });

  it('goes easy on the database when others take what is due', async () => {
    await rig.start();
    rig.store.due = dueTasks(1);
    const empty = async () => [];
    const claims = () => rig.callsOf('claimDueTasks');
    for (const _ of [1, 2, 3, 4]) {
      rig.store.intercept['claimDueTasks'] = empty;
      await clock.advance(1000);
    }
    expect(claims()).toBeLessThan(10);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('goes on after an exception that nobody expected', async () => {
    rig.store.intercept['findDueLanes'] = () => Promise.reject(new TypeError('a bug'));
    rig.store.due = dueTasks(1);
    await rig.start();
    expect(rig.log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'claiming failed' }),
    );
    await clock.advance(500);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('releases a task that found no slot within a second, at no cost', async () => {
    rig.store.due = dueTasks(40);
    await rig.start({ concurrency: 4 });
    // Quick answers make it claim ahead; then the targets hang.
    for (let round = 0; round < 8; round += 1) {
      rig.deliverer.answerAll(200);
      await clock.advance(100);
    }
    const sent = rig.deliverer.sent.length;
    const claimed = 40 - rig.store.due.length;
    expect(claimed).toBeGreaterThan(sent);
    rig.store.settled = [];
    await clock.advance(1100);
    expect(rig.deliverer.sent).toHaveLength(sent);
    expect(rig.outcomes()).toEqual(Array(claimed - sent).fill('released'));
    expect(rig.store.settled[0]?.settlement).toEqual({ state: 'pending', delayMs: 0, attemptsUsed: 0 });
    expect(rig.store.settled[0]?.attempt.errorCode).toBe('released');
  });
});

describe('a claim that is answered late', () => {
  const claimAnsweredAfter = async (ms: number, options: Partial<SchedulerOptions> = {}) => {
    await rig.start(options);
    const [task] = (rig.store.due = dueTasks(1));
    rig.store.intercept['claimDueTasks'] = async () => {
      rig.store.due = [];
      await new Promise<void>((resolve) => clock.timer(ms, resolve));
      return [task];
    };
    rig.store.wake();
    await clock.advance(ms);
  };

  it('is sent while its lease is fresh, so that a slow database does not stop everything', async () => {
    await claimAnsweredAfter(3000);
    expect(rig.deliverer.sent).toHaveLength(1);
  });

  it('is signed with the time of the database at the attempt', async () => {
    const signingSecrets = [`whsec_${Buffer.alloc(24, 1).toString('base64')}`];
    await claimAnsweredAfter(3000, { signingSecrets });
    const headers = rig.deliverer.sent[0]?.request.headers ?? [];
    const claimedSeconds = claimedTask().claimedAt.getTime() / 1000;
    expect(headers[headers.indexOf('webhook-timestamp') + 1]).toBe(String(claimedSeconds + 3));
    expect(headers).toContain('webhook-signature');
  });

  it('is released when too much of its lease is gone', async () => {
    await claimAnsweredAfter(7000);
    expect(rig.deliverer.sent).toHaveLength(0);
    expect(rig.outcomes()).toEqual(['released']);
  });

  it('is followed by a smaller one when it was too late', async () => {
    await claimAnsweredAfter(7000, { concurrency: 100 });
    rig.store.due = dueTasks(80, { lease: 2 });
    const asked: number[] = [];
    const { claimDueTasks } = rig.store;
    rig.store.claimDueTasks = (claim) => {
      asked.push(askedFor(claim.queues));
      return claimDueTasks(claim);
    };
    await clock.advance(1000);
    expect(asked[0]).toBeLessThan(60);
  });

  it('is given up before anybody could sweep its leases, and taken back when it was committed', async () => {
    rig.store.due = dueTasks(1);
    let answer: (tasks: unknown) => void = () => {};
    rig.store.intercept['claimDueTasks'] = () => new Promise((resolve) => (answer = resolve));
    await rig.start();
    const [task] = rig.store.due;
    rig.store.due = [];
    rig.store.unheld = [lostAttempt(1)];
    await clock.advance(14_000);
    expect(rig.outcomes()).toEqual([]);
    await clock.advance(2000);
    expect(rig.outcomes()).toEqual(['released']);
    answer([task]);
    await clock.advance(10_000);
    expect(rig.deliverer.sent).toHaveLength(0);
    expect(rig.outcomes()).toEqual(['released']);
  });
});

describe('while the database is away', () => {
  it('nothing is claimed, tries come at growing distances, and requests go on until their settlement is taken', async () => {
    rig.store.due = dueTasks(1);
    await rig.start({ reconnectIntervalMs: 500, reconnectMaxIntervalMs: 5000, pollIntervalMs: 1000 });
    rig.store.away = true;
    rig.store.calls = [];
    await clock.advance(60_000);
    const tries = rig.callsOf('findDueLanes');
    expect(tries).toBeGreaterThan(10);
    expect(tries).toBeLessThan(20);
    expect(rig.deliverer.sent[0]?.aborted).toBeUndefined();
    rig.deliverer.answerAll(200);
    await clock.advance(20_000);
    expect(rig.store.settled).toEqual([]);
    rig.store.away = false;
    rig.store.due = dueTasks(1, { lease: 2 });
    await clock.advance(5000);
    expect(rig.outcomes()).toEqual(['completed']);
    expect(rig.deliverer.sent).toHaveLength(2);
  });

  it('a claim that failed is followed by smaller ones, and by larger ones again later', async () => {
    const asked: number[] = [];
    const { claimDueTasks, claimFlowKeys } = rig.store;
    const unlessTooMany = (size: number, claim: () => Promise<ClaimedTask[]>) => {
      asked.push(size);
      return size > 30 ? Promise.reject(new DatabaseUnavailableError('no answer in time')) : claim();
    };
    rig.store.claimDueTasks = (claim) => unlessTooMany(askedFor(claim.queues), () => claimDueTasks(claim));
    rig.store.claimFlowKeys = (claim) => unlessTooMany(askedFor(claim.shares), () => claimFlowKeys(claim));
    rig.store.due = dueTasks(1000);
    await rig.start({ concurrency: 100 });
    await clock.advance(5000);
    expect(asked.slice(0, 5)).toEqual([100, 50, 25, 28, 31]);
    expect(rig.deliverer.sent.length).toBeGreaterThan(60);
  });

  it('a claim that fails again and again is tried at growing distances', async () => {
    rig.store.due = dueTasks(1);
    let claims = 0;
    rig.store.claimDueTasks = () => {
      claims += 1;
      return Promise.reject(new Error('a bad row'));
    };
    await rig.start({ reconnectIntervalMs: 500, reconnectMaxIntervalMs: 5000 });
    await clock.advance(60_000);
    expect(claims).toBeLessThan(20);
  });

  it('hints do not hurry the next try', async () => {
    rig.store.away = true;
    const scheduler = await rig.start();
    const tries = rig.callsOf('findDueLanes');
    for (let hint = 0; hint < 20; hint += 1) {
      scheduler.wake();
      await clock.advance(5);
    }
    expect(rig.callsOf('findDueLanes')).toBe(tries);
  });

  it('a settlement that is refused is tried again a few times, and then left to the sweep', async () => {
    rig.store.due = dueTasks(1);
    await rig.start();
    rig.store.intercept['settleAttempt'] = () => Promise.reject(new Error('invalid byte sequence'));
    rig.deliverer.answerAll(200);
    await clock.advance(1000);
    expect(rig.outcomes()).toEqual(['completed']);
  });
});
