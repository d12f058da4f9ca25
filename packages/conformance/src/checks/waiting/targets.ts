import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Target } from '../../receiver/target.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { reset } from '../../receiver/delivery.ts';
import { put } from '../flow-control/queue-requests.ts';
import {
  KNOWN_AFTER_MS,
  onceARun,
  requireOwnOrigin,
  submitMany,
  untilOrigin,
} from '../health/failing-origin.ts';
import { inFlight, requireUntil, untilWaiting } from './waiting-task.ts';

const HELD_S = 60;
// An implementation may double the pause between probes again and again; an hour is no probing.
const NEXT_PROBE_WITHIN_MS = 120_000;
const FAILING_TASKS = 120;

/** What a task waits for when its target is held back. */
export const WAITING_FOR_TARGETS_CHECKS: readonly Check[] = [
  {
    id: 'waiting-shows-a-target-that-is-held-back',
    title:
      'A due task whose URL or origin asked for a pause waits for `target-held-back`, and shows until when.',
    covers: { 'WHY-002': '7706e7f1', 'WHY-003': 'e9196412' },
    profile: 'core',
    features: ['waiting-reason', 'target-health'],
    async run(t) {
      requireOwnOrigin(t);
      for (const status of [429, 503]) {
        const target = await heldBack(t, status);
        const { id } = await t.submit(t.taskFor(target));
        const waiting = await untilWaiting(t, id, 'target-held-back');
        await requireUntil(t, waiting, 1.5 * HELD_S * 1000);
        const inMs = Date.parse(waiting.until) - Date.parse((await t.submit(t.parked())).createdAt);
        t.ok('WHY-003', 'most of the pause is to come', inMs > (HELD_S * 1000) / 2, waiting.until);
      }
    },
  },
  {
    id: 'waiting-shows-an-open-circuit',
    title:
      'A due task of an origin with an open circuit waits for `circuit-open`, and shows when the next probe may come.',
    covers: { 'WHY-002': '7706e7f1', 'WHY-003': 'e9196412' },
    profile: 'core',
    features: ['waiting-reason', 'target-health', 'batch'],
    async run(t) {
      const id = await behindOpenCircuit(t);
      await requireUntil(t, await untilWaiting(t, id, 'circuit-open'), NEXT_PROBE_WITHIN_MS);
    },
  },
  {
    id: 'waiting-shows-a-circuit-before-a-hold-back',
    title: 'A due task whose URL is held back and whose origin has an open circuit waits for `circuit-open`.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      const target = await heldBack(t, 429);
      await behindOpenCircuit(t);
      const { id } = await t.submit(t.taskFor(target));
      await untilWaiting(t, id, 'circuit-open');
    },
  },
  {
    id: 'waiting-shows-a-pause-before-the-target',
    title:
      'A due task of a paused queue waits for `queue-paused` although its target is held back, and for that once the queue is resumed.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'target-health', 'queues'],
    async run(t) {
      requireOwnOrigin(t);
      const target = await heldBack(t, 503);
      const { id } = await t.submit(t.taskFor(target));
      await untilWaiting(t, id, 'target-held-back');
      await put(t, { paused: true });
      await untilWaiting(t, id, 'queue-paused');
      const { id: later } = await t.submit(t.taskFor(target, { delayMs: 3_600_000 }));
      await untilWaiting(t, later, 'not-due');
      await put(t, { paused: false });
      await untilWaiting(t, id, 'target-held-back');
    },
  },
  {
    id: 'waiting-shows-the-target-before-a-limit',
    title: 'A due task of a queue that is full waits for `target-held-back` if its target asked for a pause.',
    covers: { 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'target-health', 'queues', 'rate-limits'],
    async run(t) {
      requireOwnOrigin(t);
      const target = await heldBack(t, 429);
      await put(t, { maxConcurrency: 1 });
      await inFlight(t);
      const { id } = await t.submit(t.taskFor(target));
      await untilWaiting(t, id, 'target-held-back');
    },
  },
  {
    id: 'waiting-passes-over-a-hold-back-that-a-run-does',
    title:
      'A task that an operator runs shows the concurrency that it waits for, not its target that is held back.',
    covers: { 'WHY-006': '9167238c', 'WHY-002': '7706e7f1' },
    profile: 'core',
    features: ['waiting-reason', 'target-health', 'queues', 'rate-limits'],
    async run(t) {
      requireOwnOrigin(t);
      const target = await heldBack(t, 429);
      const { id } = await t.submit(t.taskFor(target));
      await untilWaiting(t, id, 'target-held-back');
      await put(t, { maxConcurrency: 1 });
      const { release } = await inFlight(t);
      t.status('WHY-006', await t.api.operate(id, 'run'), 200);
      await untilWaiting(t, id, 'queue-concurrency');
      release(200);
      await t.delivery(target, 2);
    },
  },
];

/** A target that asked for a minute: its URL (429) or its origin (503) is held back. */
async function heldBack(t: CheckContext, status: number): Promise<Target> {
  const target = await t.target({ status, headers: { 'Retry-After': String(HELD_S) } }, 200);
  const { id } = await t.submit(t.taskFor(target, { retry: onceARun(t) }));
  await t.until(id, 'pending after attempt 1', (task) => task.state === 'pending' && task.attempt === 1);
  await sleep(KNOWN_AFTER_MS);
  return target;
}

/** Opens the circuit of the check's origin; answers a task that waits for it behind others. */
async function behindOpenCircuit(t: CheckContext): Promise<string> {
  requireOwnOrigin(t);
  const target = await t.target(reset);
  await submitMany(t, target, FAILING_TASKS, { retry: onceARun(t) });
  await untilOrigin(t, target.url, 'circuit-open');
  await sleep(KNOWN_AFTER_MS);
  await submitMany(t, target, FAILING_TASKS, { retry: onceARun(t) });
  const { id } = await t.submit(t.taskFor(target, { retry: onceARun(t) }));
  return id;
}
