import type { Check } from '../../check.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { LONG_MS, longRetry, pauseAfter, settled } from './observed-pause.ts';

// What a first attempt may take beyond its target's time, so that a pause after it tells what it must.
const SLACK_MS = 800;
const EXHAUSTED = { state: 'failed', reason: 'exhausted' };

/** A task whose first attempt, which was quicker than `limitMs`, is settled: a slower one would say nothing. */
async function firstSettled(
  t: CheckContext,
  target: Target,
  members: object,
  limitMs: number,
): Promise<Json> {
  for (let tries = 0; tries < 3; tries += 1) {
    const { id } = await t.submit(t.taskFor(target, members));
    const task = await settled(t, id, 1, 2 * SLACK_MS);
    const [first] = await t.attempts(id);
    if (Date.parse(first.endedAt) - Date.parse(first.startedAt) < limitMs) return task;
  }
  return t.skip(`three first attempts took ${limitMs} ms or more: too long to tell`);
}

/** When a task is not tried again. */
export const RETRY_BUDGET_CHECKS: readonly Check[] = [
  {
    id: 'max-attempts-exactly',
    title: 'A task is tried `maxAttempts` times and then fails as exhausted.',
    covers: { 'RTY-006': '6747a021' },
    profile: 'core',
    async run(t) {
      for (const maxAttempts of [1, 3]) {
        const target = await t.target(500);
        const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts }) }));
        const task = await t.untilTerminal(id);
        const expected = { ...EXHAUSTED, attempt: maxAttempts, attemptsUsed: maxAttempts };
        t.matches('RTY-006', `a task with maxAttempts ${maxAttempts} that never succeeds`, task, expected);
        const outcomes = (await t.attempts(id)).map(({ outcome }) => String(outcome));
        t.equal('RTY-006', 'the outcomes of its attempts', outcomes, Array(maxAttempts).fill('retryable'));
        t.equal('RTY-006', 'deliveries that arrived', target.deliveries.length, maxAttempts);
      }
    },
  },
  {
    id: 'exhausted-task-is-not-tried-again',
    title: 'Nothing more is delivered of a task that is exhausted.',
    covers: { 'RTY-006': '6747a021' },
    profile: 'core',
    async run(t) {
      const target = await t.target(500);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 2 }) }));
      await t.untilTerminal(id);
      await t.quiet();
      t.equal('RTY-006', 'deliveries that arrived', target.deliveries.length, 2);
    },
  },
  {
    id: 'max-duration-exhausts',
    title:
      'A task whose next try would be `maxDurationMs` or more after its first claim fails as exhausted, without waiting.',
    covers: { 'RTY-007': '5e2bdb2e' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { multiplier: 6, maxBackoffMs: 60_000, maxDurationMs: 3 * LONG_MS });
      const { id } = await t.submit(t.taskFor(await t.target(500), { retry }));
      await pauseAfter(t, id, 1);
      t.status('RTY-007', await t.api.operate(id, 'run'), 200);
      const task = await settled(t, id, 2);
      t.matches('RTY-007', 'the task whose next try would be a minute on', task, {
        ...EXHAUSTED,
        attemptsUsed: 2,
      });
      const short = longRetry(t, { maxDurationMs: LONG_MS });
      const other = await t.submit(t.taskFor(await t.target(500), { retry: short }));
      const what = 'the task whose next try would be exactly at maxDurationMs or later';
      t.matches('RTY-007', what, await settled(t, other.id, 1), { ...EXHAUSTED, attemptsUsed: 1 });
    },
  },
  {
    id: 'max-duration-counts-from-the-first-claim',
    title: '`maxDurationMs` is counted from the first claim, not from the submit.',
    covers: { 'RTY-007': '5e2bdb2e' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { maxDurationMs: LONG_MS + SLACK_MS });
      const members = { retry, delayMs: 2 * SLACK_MS };
      const { state } = await firstSettled(t, await t.target(500), members, SLACK_MS);
      const what = `the state of a task with maxDurationMs ${retry.maxDurationMs} that waited ${2 * SLACK_MS} ms before`;
      t.equal('RTY-007', what, state, 'pending');
    },
  },
  {
    id: 'max-duration-spans-attempts',
    title: '`maxDurationMs` is counted from the first claim, not from the latest.',
    covers: { 'RTY-007': '5e2bdb2e' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { maxDurationMs: LONG_MS + 3 * SLACK_MS });
      const target = await t.target({ status: 500, afterMs: 2 * SLACK_MS });
      const { id, state } = await firstSettled(t, target, { retry }, 3 * SLACK_MS);
      t.equal('RTY-007', 'the state after the first of two attempts', state, 'pending');
      t.status('RTY-007', await t.api.operate(id, 'run'), 200);
      const task = await settled(t, id, 2, 2 * SLACK_MS);
      const what = `a task with maxDurationMs ${retry.maxDurationMs} whose two attempts took ${2 * SLACK_MS} ms each`;
      t.matches('RTY-007', what, task, { ...EXHAUSTED, attemptsUsed: 2 });
    },
  },
  {
    id: 'max-duration-cuts-no-attempt',
    title: 'An attempt in flight goes on beyond `maxDurationMs`.',
    covers: { 'RTY-008': '8ca8bd19' },
    profile: 'core',
    async run(t) {
      const target = await t.target({ status: 200, afterMs: 700 });
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxDurationMs: 1 }) }));
      const task = await t.untilTerminal(id);
      t.matches('RTY-008', 'a task whose target takes 700 ms, with maxDurationMs 1', task, {
        state: 'completed',
      });
    },
  },
  {
    id: 'exhausted-before-expired',
    title:
      'A task that is out of attempts fails as exhausted, also if it would have expired before the next try.',
    covers: { 'RTY-009': '2c20be0e' },
    profile: 'core',
    features: ['expiry'],
    async run(t) {
      const expiresAt = new Date(Date.now() + 600_000).toISOString();
      const hour = { minBackoffMs: 3_600_000, maxBackoffMs: 3_600_000 };
      for (const retry of [
        { ...hour, maxAttempts: 1 },
        { ...hour, maxDurationMs: 1_800_000 },
      ]) {
        const { id } = await t.submit(t.taskFor(await t.target(500), { retry, expiresAt }));
        const task = await settled(t, id, 1);
        t.matches(
          'RTY-009',
          `a task with retry ${JSON.stringify(retry)} that expires in 10 minutes`,
          task,
          EXHAUSTED,
        );
      }
    },
  },
];
