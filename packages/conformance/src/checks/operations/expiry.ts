import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { instantIn, instantMs, runningTask } from './task-in-state.ts';

const HOUR_MS = 3_600_000;
// TIM-007: within 1 minute.
const EXPIRY_MS = 60_000;
// The self-test has little patience with a reference that expires at once.
const expiryPatienceMs = ({ timing }: CheckContext): number =>
  Math.min(EXPIRY_MS + timing.patienceMs, 5 * timing.patienceMs);

/** What `expiresAt` does to a task in every state. */
export const EXPIRY_CHECKS: readonly Check[] = [
  {
    id: 'expired-task-is-not-delivered',
    title:
      'A due task whose `expiresAt` has come is not delivered, and becomes `failed` with the reason `expired`.',
    covers: { 'TIM-006': 'f84f0af0', 'TIM-007': 'cdba22df' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const target = await t.target();
      const { id } = await t.submit(t.taskFor(target, { expiresAt: await instantIn(t, -1000) }));
      const task = await t.until(id, 'failed', ({ state }) => state !== 'pending', expiryPatienceMs(t));
      t.equal('TIM-006', 'deliveries', target.deliveries.length, 0);
      const expected = { state: 'failed', reason: 'expired', attempt: 0, attemptsUsed: 0 };
      t.matches('TIM-007', 'the task', task, expected);
    },
  },
  {
    id: 'task-expires-before-it-is-due',
    title:
      'A pending task that is not due yet fails with the reason `expired` within a minute of its `expiresAt`, and not before it.',
    covers: { 'TIM-007': 'cdba22df', 'STA-016': 'e6cab7ae', 'STA-012': '871b930e', 'STA-013': 'f7848d1e' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const expiresAt = await instantIn(t, 1000);
      const { id } = await t.submit(t.parked({ expiresAt }));
      const task = await t.until(id, 'not pending', ({ state }) => state !== 'pending', expiryPatienceMs(t));
      t.equal('TIM-007', 'the state', task.state, 'failed');
      t.equal('STA-012', 'the reason', task.reason, 'expired');
      const lateMs = instantMs(task.finishedAt) - instantMs(expiresAt);
      t.ok('STA-013', 'a failed task has finishedAt', !Number.isNaN(lateMs), task);
      t.ok('STA-016', 'finishedAt is not before expiresAt', lateMs >= 0, task);
      t.ok('TIM-007', 'finishedAt is within a minute of expiresAt', lateMs <= EXPIRY_MS, task);
    },
  },
  {
    id: 'expiry-is-not-compared-with-the-delay',
    title:
      'A task whose `delayMs` ends after its `expiresAt` is recorded, and fails with the reason `expired`.',
    covers: { 'TIM-013': '560edfeb', 'TIM-007': 'cdba22df' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const target = await t.target();
      const expiresAt = await instantIn(t, 500);
      const response = await t.api.submit(t.taskFor(target, { delayMs: HOUR_MS, expiresAt }));
      t.status('TIM-013', response, 201);
      const { id } = response.json;
      const task = await t.until(id, 'not pending', ({ state }) => state !== 'pending', expiryPatienceMs(t));
      t.matches('TIM-013', 'the task', task, { state: 'failed', reason: 'expired' });
      t.equal('TIM-007', 'deliveries', target.deliveries.length, 0);
    },
  },
  {
    id: 'attempt-in-flight-outlives-its-expiry',
    title: 'An attempt in flight is not cut when `expiresAt` comes: its 2xx completes the task.',
    covers: { 'TIM-008': '29d3781a' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const inMs = Math.ceil(Math.max(1500, 8 * t.timing.latencyMs));
      const expiresAt = await instantIn(t, inMs);
      const { id, delivery, release } = await runningTask(t, { expiresAt, timeoutMs: inMs + 30_000 });
      // It was so far off when the instant was made, and the clocks go on together.
      await sleep(inMs + 100);
      t.equal('TIM-008', 'the state after expiresAt', (await t.api.get(id)).json.state, 'running');
      release(200);
      t.matches('TIM-008', 'the end', await t.untilTerminal(id), { state: 'completed', attempt: 1 });
      t.equal('TIM-008', 'the delivery', delivery.number, 1);
    },
  },
  {
    id: 'next-try-beyond-the-expiry-expires-at-once',
    title: 'A task whose next try would be after its `expiresAt` fails with the reason `expired` at once.',
    covers: { 'STA-009': '864e2f2f', 'STA-016': 'e6cab7ae', 'STA-022': '96fc61ed' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const pauseMs = Math.min(HOUR_MS, t.discovery.limits.maxBackoffMs);
      const expiresAt = await instantIn(t, Math.floor(pauseMs / 2));
      const target = await t.target(500);
      const retry = t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs });
      const { id } = await t.submit(t.taskFor(target, { expiresAt, retry }));
      const task = await t.until(id, 'settled', ({ state, attempt }) => attempt === 1 && state !== 'running');
      t.matches('STA-009', 'the task', task, { state: 'failed', reason: 'expired' });
      t.equal('STA-022', 'attemptsUsed', task.attemptsUsed, 1);
      const { endedAt } = (await t.attempts(id))[0];
      const isThen = Math.abs(instantMs(task.finishedAt) - instantMs(endedAt)) < 10_000;
      t.ok('STA-016', 'finishedAt is when it failed, not expiresAt', isThen, { task, endedAt });
    },
  },
  {
    id: 'next-try-before-the-expiry-is-made',
    title: 'A task whose next try is before its `expiresAt` is tried again.',
    covers: { 'STA-007': '4a953879' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const target = await t.target(500, 200);
      const expiresAt = await instantIn(t, HOUR_MS);
      const { id } = await t.submit(t.taskFor(target, { expiresAt, retry: t.retry() }));
      const task = await t.untilTerminal(id);
      t.matches('STA-007', 'the end', task, { state: 'completed', attempt: 2, expiresAt });
    },
  },
];
