import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { AnswerParts } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { instantMs } from '../operations/task-in-state.ts';
import { KNOWN_AFTER_MS, listedOrigin, onceARun, requireOwnOrigin } from './failing-origin.ts';

const HELD_S = 4;
const LONG_S = 60;

const asking = (status: number, seconds: number | string): AnswerParts => ({
  status,
  headers: { 'Retry-After': String(seconds) },
});

/** What a target that asks for a pause gets, and what it does not keep from others. */
export const HOLD_BACK_CHECKS: readonly Check[] = [
  {
    id: 'a-503-holds-every-url-of-its-origin',
    title: 'A 503 with `Retry-After` holds back the tasks for every URL of its origin until that is over.',
    covers: { 'HLD-011': 'bc58c82f', 'HLD-012': '4b8dbbdd', 'HLD-024': '496d10b4' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const asks = await t.target(asking(503, HELD_S), 200);
      const neighbour = await t.target();
      const answeredAtMs = await askedForPause(t, asks);
      const { id } = await t.submit(t.taskFor(neighbour));
      await sleep(KNOWN_AFTER_MS);
      const waits = (await t.api.get(id)).json;
      if (performance.now() - answeredAtMs < HELD_S * 1000)
        t.matches('HLD-024', 'a task for another URL', waits, { state: 'pending', attemptsUsed: 0 });
      const { arrivedAtMs } = await t.delivery(neighbour);
      t.pause('HLD-011', 'from the answer on', arrivedAtMs - answeredAtMs, HELD_S * 1000, 2 * HELD_S * 1000);
      await t.untilState(id, 'completed');
    },
  },
  {
    id: 'a-pause-until-a-date-holds-back',
    title: 'A 429 with a `Retry-After` that is a date holds its URL back until then.',
    covers: { 'HLD-010': 'b8c4d0b0', 'RTY-022': '421f3c5d' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const nowMs = Math.floor(Date.now() / 1000) * 1000;
      const headers = {
        Date: new Date(nowMs).toUTCString(),
        'Retry-After': new Date(nowMs + HELD_S * 1000).toUTCString(),
      };
      const target = await t.target({ status: 429, headers }, 200);
      const answeredAtMs = await askedForPause(t, target);
      await t.submit(t.taskFor(target));
      const { arrivedAtMs } = await t.delivery(target, 2);
      t.pause('HLD-010', 'from the answer on', arrivedAtMs - answeredAtMs, HELD_S * 1000, 2 * HELD_S * 1000);
    },
  },
  {
    id: 'a-held-url-holds-no-other-up',
    title: 'A URL that asked for a minute with 429 does not keep tasks for other URLs from being delivered.',
    covers: { 'TIM-011': '274137d6', 'HLD-010': 'b8c4d0b0' },
    profile: 'core',
    features: ['target-health', 'batch'],
    async run(t) {
      requireOwnOrigin(t);
      const asks = await t.target(asking(429, LONG_S));
      const other = await t.target();
      await askedForPause(t, asks);
      const length = Math.min(200, t.discovery.limits.maxBatchTasks);
      const response = await t.api.submitBatch(Array.from({ length }, () => t.taskFor(asks)));
      t.status('HLD-010', response, 201);
      const { id } = await t.submit(t.taskFor(other));
      await t.delivery(other);
      await t.untilState(id, 'completed');
      t.equal('HLD-010', 'deliveries to the URL that is held back', asks.deliveries.length, 1);
    },
  },
  {
    id: 'no-pause-without-a-readable-retry-after',
    title: 'A 429 or 503 whose `Retry-After` cannot be read holds nothing back.',
    covers: { 'HLD-010': 'b8c4d0b0', 'HLD-011': 'bc58c82f', 'RTY-024': '66151137' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      for (const answer of [asking(429, '1e3'), asking(503, '-60'), asking(503, '90.5')]) {
        const target = await t.target(answer, 200);
        await askedForPause(t, target);
        const { id } = await t.submit(t.taskFor(target));
        await t.untilState(id, 'completed');
      }
    },
  },
  {
    id: 'what-is-held-back-is-listed',
    title:
      'A URL and an origin that are held back are in the list of targets within a second, with their end.',
    covers: { 'HLD-001': '20f1a606', 'HLD-002': '1905a98d' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const url = await t.target(asking(429, LONG_S));
      await askedForPause(t, url);
      const listed = await listedOrigin(t, url.url);
      t.equal('HLD-001', 'the URLs held back', listed?.heldUrls?.map(targetOf), [url.url]);
      await inTheFuture(t, listed.heldUrls[0].until);
      const wide = await t.target(asking(503, LONG_S));
      await askedForPause(t, wide);
      const held = await listedOrigin(t, wide.url);
      t.equal('HLD-002', 'the state of the origin', held?.state, 'held-back');
      await inTheFuture(t, held.until);
    },
  },
  {
    id: 'a-close-lets-go-of-what-is-held-back',
    title:
      'A close lets go of a URL and of an origin that asked for a minute: their tasks are delivered now.',
    covers: { 'HLD-003': 'f3244df1' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      for (const status of [429, 503]) {
        const target = await t.target(asking(status, LONG_S), 200);
        await askedForPause(t, target);
        const { id } = await t.submit(t.taskFor(target));
        const { origin } = new URL(target.url);
        const response = await t.api.request('POST', '/v1/targets/close', { body: { origin } });
        t.status('HLD-003', response, 200);
        t.matches('HLD-003', 'the answer', response.json, { origin, state: 'healthy', heldUrls: [] });
        await t.until(id, `completed after the close of what ${status} held`, isCompleted, CLOSED_WITHIN_MS);
      }
    },
  },
];

// Far below the minute that was asked for, whatever the machine's speed.
const CLOSED_WITHIN_MS = 20_000;

const isCompleted = ({ state }: { state?: string }): boolean => state === 'completed';
const targetOf = ({ target }: { target: string }): string => target;

/** Has a task ask its target, and waits until the answer counts; answers when it was given (`performance.now()`). */
async function askedForPause(t: CheckContext, target: Target): Promise<number> {
  const { id } = await t.submit(t.taskFor(target, { retry: onceARun(t) }));
  const { arrivedAtMs } = await t.delivery(target);
  await t.until(id, 'pending after attempt 1', (task) => task.state === 'pending' && task.attempt === 1);
  await sleep(KNOWN_AFTER_MS);
  return arrivedAtMs;
}

async function inTheFuture(t: CheckContext, until: unknown): Promise<void> {
  const { createdAt } = await t.submit(t.parked());
  const inMs = instantMs(until) - instantMs(createdAt);
  t.ok('HLD-001', 'it shows until when', inMs > 0 && inMs <= 2 * LONG_S * 1000, until);
}
