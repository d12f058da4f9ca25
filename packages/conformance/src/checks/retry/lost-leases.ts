import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { hang } from '../../receiver/delivery.ts';
import { crash, deliveryAfterCrash, stateAfterCrash, takeoverMs } from './crash.ts';
import { LONG_MS, longRetry, requirePause } from './observed-pause.ts';

// Two instants that are one or two commits apart.
const APART_MS = 500;
// Where this fails, each of the others would only wait in vain.
const AFTER = ['task-in-flight-at-a-kill-is-delivered-again'];
const LOST = { outcome: 'lease-lost', errorCode: 'lease-lost' };

/** What becomes of an attempt whose process is killed. */
export const LOST_LEASE_CHECKS: readonly Check[] = [
  {
    id: 'task-in-flight-at-a-kill-is-delivered-again',
    title:
      'A task whose process is killed during an attempt is delivered again, and the attempt ends `lease-lost`.',
    covers: { 'LEA-012': '1aeb8a4b', 'LEA-007': '861081a5', 'DUR-003': '7727385d' },
    profile: 'core',
    needs: ['control'],
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: longRetry(t) }));
      await t.delivery(target);
      await crash(t);
      await deliveryAfterCrash(t, target, 2);
      const task = await t.untilState(id, 'completed');
      t.matches('LEA-012', 'the completed task', task, { attempt: 2 });
      const expected = [LOST, { outcome: 'completed' }];
      t.matches('LEA-007', 'its attempts', await t.attempts(id), expected);
    },
  },
  {
    id: 'first-loss-costs-no-pause',
    title: 'A task whose attempt was lost, and not the one before, is due at once.',
    covers: { 'LEA-009': '5ec8a2db', 'LEA-017': '5e28b3f8' },
    profile: 'core',
    needs: ['control'],
    after: AFTER,
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: longRetry(t) }));
      await t.delivery(target);
      t.note('kills the implementation');
      await t.control.kill();
      // So that the length of the lost attempt is clearly more than nothing.
      await sleep(2 * APART_MS);
      await t.control.start();
      const again = await deliveryAfterCrash(t, target, 2);
      const [lost] = await t.attempts(id);
      const dueMs = Date.parse(again.header('Dispatchr-Due-At') ?? '') - Date.parse(lost.endedAt);
      const what = 'the next try is due when the attempt ends, give or take 0.5 s';
      t.ok('LEA-009', what, Math.abs(dueMs) <= APART_MS, `${dueMs} ms after it`);
      const spanMs = Date.parse(lost.endedAt) - Date.parse(lost.startedAt);
      const isSpan = Math.abs(lost.durationMs - spanMs) <= APART_MS;
      t.ok(
        'LEA-017',
        `durationMs is the time from the claim to the takeover, about ${spanMs} ms`,
        isSpan,
        lost.durationMs,
      );
    },
  },
  {
    id: 'second-loss-in-a-row-costs-a-pause',
    title: 'A task whose attempt was lost, as the one before was, waits for the pause of its policy.',
    covers: { 'LEA-010': '7b10c009' },
    profile: 'core',
    needs: ['control'],
    after: AFTER,
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang);
      const retry = longRetry(t, {
        minBackoffMs: 1_000_000,
        multiplier: 2,
        maxBackoffMs: 3_600_000,
      });
      const { id } = await t.submit(t.taskFor(target, { retry }));
      await t.delivery(target);
      await crash(t);
      await deliveryAfterCrash(t, target, 2);
      await crash(t);
      const task = await stateAfterCrash(t, id, 'pending');
      const [, second] = await t.attempts(id);
      t.matches('LEA-010', 'the second attempt', second, LOST);
      const gotMs = Date.parse(task.dueAt) - Date.parse(second.endedAt);
      requirePause(
        t,
        'LEA-010',
        'after the second lost attempt in a row, attemptsUsed being 2',
        gotMs,
        2 * (retry.minBackoffMs ?? 0),
      );
    },
  },
  {
    id: 'lost-attempt-exhausts',
    title: 'A task whose only attempt was lost fails as exhausted, and is not delivered again.',
    covers: { 'LEA-011': 'e709b7eb', 'LEA-012': '1aeb8a4b' },
    profile: 'core',
    needs: ['control'],
    after: AFTER,
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry({ maxAttempts: 1 }) }));
      await t.delivery(target);
      await crash(t);
      const task = await t.until(
        id,
        'terminal after the kill',
        ({ finishedAt }) => finishedAt !== undefined,
        takeoverMs(t),
      );
      t.matches('LEA-011', 'the task', task, {
        state: 'failed',
        reason: 'exhausted',
        attempt: 1,
        attemptsUsed: 1,
      });
      t.equal('LEA-011', 'deliveries that arrived', target.deliveries.length, 1);
    },
  },
  {
    id: 'losses-in-a-row-span-the-operators-retry',
    title: "An attempt that is lost counts as the one before also if an operator's retry lies between.",
    covers: { 'LEA-016': '0c3abf35' },
    profile: 'core',
    needs: ['control'],
    after: AFTER,
    runs: 'alone',
    async run(t) {
      const target = await t.target(hang);
      const { id } = await t.submit(t.taskFor(target, { retry: longRetry(t) }));
      await t.delivery(target);
      t.status('LEA-016', await t.api.operate(id, 'cancel'), 202);
      await crash(t);
      await stateAfterCrash(t, id, 'cancelled');
      t.status('LEA-016', await t.api.operate(id, 'retry'), 200);
      await t.delivery(target, 2);
      await crash(t);
      const task = await stateAfterCrash(t, id, 'pending');
      const [, second] = await t.attempts(id);
      const gotMs = Date.parse(task.dueAt) - Date.parse(second.endedAt);
      requirePause(
        t,
        'LEA-016',
        'after the attempt that was lost like the one before the retry',
        gotMs,
        LONG_MS,
      );
    },
  },
];
