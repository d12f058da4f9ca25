import type { Check } from '../../check.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { hang } from '../../receiver/delivery.ts';
import { KNOWN_AFTER_MS, listedOrigin, otherOrigin, requireOwnOrigin } from './failing-origin.ts';
import { setTimeout as sleep } from 'node:timers/promises';

/** Which origins a list of targets holds. */
export const LISTING_CHECKS: readonly Check[] = [
  {
    id: 'origins-with-an-attempt-in-flight-are-listed',
    title: 'An origin with an attempt in flight is listed, healthy, until the attempt has ended.',
    covers: { 'HLD-001': '20f1a606', 'HLD-002': '1905a98d' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const target = await t.target(hang);
      const timeoutMs = Math.max(t.discovery.limits.minTimeoutMs, IN_FLIGHT_MS);
      const { id } = await t.submit(t.taskFor(target, { timeoutMs, retry: t.retry({ maxAttempts: 1 }) }));
      await t.delivery(target);
      await sleep(KNOWN_AFTER_MS);
      const listed = await listedOrigin(t, target.url);
      t.matches('HLD-001', 'the origin in the list', listed, { state: 'healthy', running: 1, heldUrls: [] });
      await t.untilTerminal(id);
      await sleep(KNOWN_AFTER_MS);
      t.equal(
        'HLD-001',
        'the origin once nothing is in flight',
        await listedOrigin(t, target.url),
        undefined,
      );
    },
  },
  {
    id: 'targets-are-listed-by-origin',
    title: 'A list of targets, page by page, holds each origin once, ordered by code point.',
    covers: { 'HLD-001': '20f1a606' },
    profile: 'core',
    features: ['target-health'],
    async run(t) {
      requireOwnOrigin(t);
      const own: string[] = [];
      for (let each = 0; each < 4; each += 1) {
        const target = await otherOrigin(t, { status: 503, headers: { 'Retry-After': '60' } });
        const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
        await t.until(
          id,
          'pending after attempt 1',
          (task) => task.state === 'pending' && task.attempt === 1,
        );
        own.push(new URL(target.url).origin);
      }
      await sleep(KNOWN_AFTER_MS);
      const listed = await allOrigins(t);
      // Origins of other checks come and go, so that only those of this one are the same on all pages.
      const found = listed.filter((origin) => own.includes(origin));
      t.equal('HLD-001', 'the origins of the check', found, own.toSorted());
      t.equal('HLD-001', 'the order of the list', listed, listed.toSorted());
    },
  },
];

const IN_FLIGHT_MS = 4000;

async function allOrigins(t: CheckContext): Promise<string[]> {
  const origins: string[] = [];
  for (let cursor = ''; ;) {
    const response = await t.api.request('GET', `/v1/targets?limit=2${cursor}`);
    t.status('HLD-001', response, 200);
    origins.push(...response.json.targets.map(({ origin }: Json): string => origin));
    if (response.json.nextCursor === undefined) return origins;
    cursor = `&cursor=${encodeURIComponent(response.json.nextCursor)}`;
  }
}
