import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { ApiResponse } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { forAll } from './submission-verdict.ts';

const HELD_MS = 400;

/** The header `Prefer`. */
export const PREFER_CHECKS: readonly Check[] = [
  {
    id: 'other-preferences-are-ignored',
    title: 'Preferences other than wait change nothing about a submit.',
    covers: { 'REC-022': '39da8eb5' },
    profile: 'recorder',
    async run(t) {
      const preferences = [
        'return=minimal',
        'respond-async',
        'handling=strict, return="minimal"',
        'waiting=5',
        'await',
        'x; wait=1',
      ];
      await forAll(preferences, async (prefer) => {
        const task = t.parked();
        const response = await t.api.submit(task, { Prefer: prefer });
        t.status('REC-022', response, 201);
        t.matches('REC-022', 'the body is the summary of the task', response.json, { ...summaryOf(task) });
      });
    },
  },
  {
    id: 'wait-answers-when-the-task-is-terminal',
    title: 'A submit that waits is answered with the completed task as soon as the target has answered.',
    covers: { 'REC-021': 'fc108517' },
    profile: 'core',
    features: ['wait'],
    async run(t) {
      const waitMs = longWaitMs(t);
      const target = await t.target({ status: 200, afterMs: HELD_MS });
      const { response, tookMs } = await submitWaiting(t, t.taskFor(target), waitMs);
      t.status('REC-021', response, 201);
      t.equal('REC-021', 'the state that is answered', response.json?.state, 'completed');
      t.ok('REC-021', 'it did not wait for all of its time', tookMs < waitMs, `${Math.round(tookMs)} ms`);
    },
  },
  {
    id: 'wait-answers-when-the-task-has-failed',
    title: 'A submit that waits is answered as soon as the task has failed too.',
    covers: { 'REC-021': 'fc108517' },
    profile: 'core',
    features: ['wait'],
    async run(t) {
      const target = await t.target({ status: 422, afterMs: HELD_MS });
      const waitMs = longWaitMs(t);
      const { response, tookMs } = await submitWaiting(t, t.taskFor(target), waitMs);
      t.status('REC-021', response, 201);
      t.ok('REC-021', 'it did not wait for all of its time', tookMs < waitMs, `${Math.round(tookMs)} ms`);
      const { state, reason } = response.json ?? {};
      t.equal('REC-021', 'the state that is answered', [state, reason], ['failed', 'rejected']);
    },
  },
  {
    id: 'wait-ends-after-its-seconds',
    title: 'A submit that waits for a second is answered after a second with the task as it then is.',
    covers: { 'REC-021': 'fc108517' },
    profile: 'recorder',
    features: ['wait'],
    async run(t) {
      const waitMs = Math.min(1000, t.discovery.limits.maxWaitMs);
      const [{ response, tookMs }, sleptMs] = await Promise.all([
        submitWaiting(t, t.parked(), 1000),
        sleepAndAsk(t, waitMs),
      ]);
      t.status('REC-021', response, 201);
      t.equal('REC-021', 'the state that is answered', response.json?.state, 'pending');
      t.pause('REC-021', 'the time to the answer', tookMs, waitMs, sleptMs);
    },
  },
  {
    id: 'wait-is-capped',
    title: 'A submit that waits for a day is answered after limits.maxWaitMs.',
    covers: { 'REC-021': 'fc108517' },
    profile: 'recorder',
    features: ['wait'],
    async run(t) {
      const { maxWaitMs } = t.discovery.limits;
      if (maxWaitMs > 5000) t.skip('limits.maxWaitMs is more than 5 s');
      const [{ response, tookMs }, sleptMs] = await Promise.all([
        submitWaiting(t, t.parked(), 86_400_000),
        sleepAndAsk(t, maxWaitMs),
      ]);
      t.status('REC-021', response, 201);
      t.pause('REC-021', 'the time to the answer', tookMs, maxWaitMs, sleptMs);
    },
  },
  {
    id: 'wait-of-a-batch-is-refused',
    title: 'A batch that asks to wait is refused, and records nothing.',
    covers: { 'REC-029': '247023c9' },
    profile: 'recorder',
    features: ['batch', 'wait'],
    async run(t) {
      const id = t.newId();
      const response = await t.api.submitBatch([t.parked({ id })], { Prefer: 'wait=1' });
      t.problem('REC-029', response, 'invalid-request', { parameter: 'Prefer' });
      t.status('REC-029', await t.api.get(id), 404);
    },
  },
  {
    id: 'undeclared-wait-of-a-batch-is-refused',
    title:
      'A batch that asks to wait is refused by a recorder that does not have the feature, and records nothing.',
    covers: { 'REC-029': '247023c9' },
    profile: 'recorder',
    features: ['batch'],
    withoutFeature: 'wait',
    async run(t) {
      const id = t.newId();
      const response = await t.api.submitBatch([t.parked({ id })], { Prefer: 'respond-async, WAIT=1' });
      t.problem('REC-029', response, 'feature-not-supported', { members: { feature: 'wait' } });
      t.status('REC-029', await t.api.get(id), 404);
    },
  },
];

const summaryOf = ({ target, taskName, queue }: ReturnType<CheckContext['parked']>): object => ({
  state: 'pending',
  target,
  taskName,
  queue,
});

/** The longest wait that the implementation has, in milliseconds; ends the check if a target could not answer within it. */
function longWaitMs(t: CheckContext): number {
  const waitMs = Math.floor(t.discovery.limits.maxWaitMs / 1000) * 1000;
  if (waitMs < 2 * HELD_MS + t.timing.latencyMs) t.skip('limits.maxWaitMs is too short for a delivery');
  return waitMs;
}

/** How long the wait takes on this machine, as busy as it is, with an answer before it and one after it. */
async function sleepAndAsk(t: CheckContext, ms: number): Promise<number> {
  const startedAtMs = performance.now();
  await t.api.submit(t.parked());
  await sleep(ms);
  await t.api.submit(t.parked());
  return performance.now() - startedAtMs;
}

async function submitWaiting(
  t: CheckContext,
  task: object,
  waitMs: number,
): Promise<{ response: ApiResponse; tookMs: number }> {
  const startedAtMs = performance.now();
  const response = await t.api.submit(task, { Prefer: `wait=${waitMs / 1000}` });
  return { response, tookMs: performance.now() - startedAtMs };
}
