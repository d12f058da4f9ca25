import { expect, it } from 'vitest';
import { createRandom } from '../load/random.ts';
import { drawSituation, type Situation, trueReasonOf } from './situations.ts';

const NOTHING: Situation = { isDue: true, queue: 'plain', target: 'healthy', flowKey: 'a' };

it.each<[Partial<Situation>, string]>([
  [{}, 'ready'],
  [{ isDue: false, queue: 'paused' }, 'not-due'],
  [{ queue: 'paused', target: 'circuit-open' }, 'queue-paused'],
  [{ queue: 'rate-used-up', target: 'circuit-open' }, 'circuit-open'],
  [{ queue: 'all-slots-taken', target: 'url-held' }, 'target-held-back'],
  [{ target: 'origin-held' }, 'target-held-back'],
  [{ queue: 'flow-slots-taken' }, 'flow-concurrency'],
])('of %j the first reason is %s', (circumstances, reason) => {
  expect(trueReasonOf({ ...NOTHING, ...circumstances }, true)).toBe(reason);
});

it('says of a due task that nobody is there to deliver it', () => {
  expect(trueReasonOf({ ...NOTHING, queue: 'paused' }, false)).toBe('no-scheduler');
  expect(trueReasonOf({ ...NOTHING, isDue: false }, false)).toBe('not-due');
});

it('draws every reason, and no task that would be delivered while schedulers run', () => {
  const random = createRandom(1);
  const reasons = new Set(Array.from({ length: 200 }, () => trueReasonOf(drawSituation(random, true), true)));
  expect([...reasons].toSorted()).toEqual([
    'circuit-open',
    'flow-concurrency',
    'flow-rate',
    'not-due',
    'queue-concurrency',
    'queue-paused',
    'queue-rate',
    'target-held-back',
  ]);
});
