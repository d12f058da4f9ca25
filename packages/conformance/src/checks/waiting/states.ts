import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { held } from '../../receiver/held.ts';
import type { Json } from '../../run/api.ts';
import { put } from '../flow-control/queue-requests.ts';
import { submitMany } from '../health/failing-origin.ts';
import { runningTask, terminalTasks } from '../operations/task-in-state.ts';
import { untilWaiting } from './waiting-task.ts';

const LONG_PAUSE_MS = 3_600_000;
const LEFT_ALONE_MS = 4000;
const READY_TASKS = 1000;
const TO_LOOK_AT = 20;

/** In which states `waiting` is shown, and what a task shows that waits for nothing but its turn. */
export const WAITING_BY_STATE_CHECKS: readonly Check[] = [
  {
    id: 'waiting-is-shown-while-pending-alone',
    title: 'No running, completed, failed or cancelled task shows `waiting`.',
    covers: { 'WHY-001': '9ee0a96f' },
    profile: 'core',
    features: ['waiting-reason'],
    async run(t) {
      const { id, release } = await runningTask(t);
      const running = (await t.api.get(id)).json;
      for (const task of [running, ...(await terminalTasks(t))])
        t.equal('WHY-001', `waiting of a ${task.state} task`, task.waiting, undefined);
      release(200);
    },
  },
  {
    id: 'waiting-shows-the-pause-before-the-next-try',
    title: 'A task that waits for its next try is `not-due` until its `dueAt`.',
    covers: { 'WHY-002': '7706e7f1', 'WHY-003': 'e9196412' },
    profile: 'core',
    features: ['waiting-reason'],
    async run(t) {
      const pauseMs = Math.min(LONG_PAUSE_MS, t.discovery.limits.maxBackoffMs);
      const retry = t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
      const { id } = await t.submit(t.taskFor(await t.target(500), { retry }));
      const isAfterAttempt1 = ({ state, attempt }: Json): boolean => state === 'pending' && attempt === 1;
      const { waiting, dueAt } = await t.until(id, 'pending after attempt 1', isAfterAttempt1);
      t.equal('WHY-002', 'waiting', waiting, { reason: 'not-due', until: dueAt });
    },
  },
  {
    id: 'waiting-misses-no-scheduler-that-runs',
    title: 'A task does not show `no-scheduler` while one runs, though nothing is delivered from its queue.',
    covers: { 'WHY-005': 'b4141f7d', 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'queues'],
    async run(t) {
      await put(t, { paused: true });
      const { id } = await t.submit(t.taskFor(await t.target()));
      const endMs = performance.now() + LEFT_ALONE_MS;
      while (performance.now() < endMs) {
        const { waiting } = (await t.api.get(id)).json;
        t.ok('WHY-005', 'the scheduler is not missed', waiting?.reason !== 'no-scheduler', waiting);
        await sleep(200);
      }
      await untilWaiting(t, id, 'queue-paused');
    },
  },
  {
    id: 'waiting-counts-what-goes-before',
    title:
      'A due task that waits for its turn alone is `ready`, with the number of those of its flow key that go before it.',
    covers: { 'WHY-004': '526eaf51' },
    profile: 'core',
    features: ['waiting-reason', 'batch'],
    runs: 'alone',
    async run(t) {
      const { answer, release } = held();
      const target = await t.target(answer);
      const dueAt = '2026-01-02T03:04:05.678Z';
      const ids = await submitMany(t, target, READY_TASKS, { dueAt });
      const first = await t.submit(t.taskFor(await t.target(), { dueAt: '2026-01-01T00:00:00Z' }));
      await t.delivery(target);
      // Whatever is in flight, all of them are held, so that the rest stands still.
      await sleep(1000);
      const last: Json[] = await Promise.all(
        ids.slice(-TO_LOOK_AT).map(async (id) => (await t.api.get(id)).json),
      );
      const isEarlier = (await t.api.get(first.id)).json.state === 'pending' ? 1 : 0;
      const ready = last.filter(({ waiting }) => waiting?.reason === 'ready');
      if (ready.length < TO_LOOK_AT)
        t.note(`${ready.length} of the last ${TO_LOOK_AT} waited for their turn`);
      const counts = ready.map(({ waiting }) => waiting.before);
      for (const [at, { waiting }] of ready.entries()) {
        const most = ids.length - ready.length + at + isEarlier;
        const isCount = Number.isInteger(waiting.before) && waiting.before >= at && waiting.before <= most;
        t.ok('WHY-004', `a count from ${at} to ${most}`, isCount, waiting.before);
      }
      const steps = counts.slice(1).map((count, at) => count - counts[at]);
      t.ok(
        'WHY-004',
        'each has one more before it',
        steps.every((step) => step === 1),
        counts,
      );
      release(200);
    },
  },
];
