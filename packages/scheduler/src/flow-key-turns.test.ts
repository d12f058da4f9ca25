import type { DueFlowKey, DueQueue } from '@dispatchr/store';
import { describe, expect, it } from 'vitest';
import { FlowKeyTurns } from './flow-key-turns.ts';

const queueOf = (settings: Partial<DueQueue['settings']> = {}): DueQueue => ({
  queue: 'q',
  priorities: [5, 0],
  version: '7',
  settings: { paused: false, ...settings },
  count: undefined,
  hasLimitedFlowKeys: false,
});
const keyOf = (flowKey: string, members: Partial<DueFlowKey> = {}): DueFlowKey => ({
  queue: 'q',
  flowKey,
  ownLimits: {},
  count: undefined,
  ...members,
});
const keys = (...names: string[]) => names.map((name) => keyOf(name));

describe('the turns of flow keys', () => {
  it('begin behind the key that was served last, where not all could be', () => {
    const turns = new FlowKeyTurns();
    const wanted = { queue: queueOf(), quota: 2 };
    expect(turns.search(wanted)).toEqual({ queue: 'q', priorities: [5, 0], after: '', most: 16 });
    const { shares } = turns.share(wanted, { queue: 'q', flowKeys: keys('a', 'b', 'c') });
    expect(shares.map(({ flowKey, quota }) => [flowKey, quota])).toEqual([
      ['a', 1],
      ['b', 1],
    ]);
    expect(turns.search(wanted).after).toBe('b');
    turns.share(wanted, { queue: 'q', flowKeys: keys('c') });
    expect(turns.search(wanted).after).toBe('');
  });

  it('go on behind the last key that was looked at', () => {
    const turns = new FlowKeyTurns();
    turns.share({ queue: queueOf(), quota: 100 }, { queue: 'q', flowKeys: keys('a', 'b'), last: 'c' });
    expect(turns.search({ queue: queueOf(), quota: 100 })).toMatchObject({ after: 'c', most: 400 });
    expect(turns.isAtStart('q')).toBe(false);
    turns.keepOnly(new Set());
    expect(turns.isAtStart('q')).toBe(true);
  });

  it('share a quota evenly, each key with the settings of the look', () => {
    const { shares, gates } = new FlowKeyTurns().share(
      { queue: queueOf(), quota: 7 },
      { queue: 'q', flowKeys: keys('a', 'b') },
    );
    const common = { queue: 'q', queueQuota: 7, priorities: [5, 0], version: '7' };
    expect(shares).toEqual([
      { ...common, flowKey: 'a', quota: 4 },
      { ...common, flowKey: 'b', quota: 3 },
    ]);
    expect(gates).toEqual([]);
  });

  it('pass over keys that are full, and name the gates of the others', () => {
    const queue = queueOf({ flowLimits: { maxConcurrency: 2 } });
    const full = keyOf('a', { count: { inFlight: 2, tatInMs: -1 } });
    const own = keyOf('b', { ownLimits: { maxConcurrency: 9 }, count: { inFlight: 4, tatInMs: -1 } });
    const { shares, gates, missing } = new FlowKeyTurns().share(
      { queue, quota: 20 },
      { queue: 'q', flowKeys: [full, own, keyOf('c')] },
    );
    expect(shares.map(({ flowKey, quota }) => [flowKey, quota])).toEqual([
      ['b', 5],
      ['c', 2],
    ]);
    expect(gates).toEqual([
      { queue: 'q', flowKey: 'b', maxConcurrency: 9 },
      { queue: 'q', flowKey: 'c', maxConcurrency: 2 },
    ]);
    expect(missing.map(({ flowKey }) => flowKey)).toEqual(['c']);
  });

  it('say when a rate that is used up lets more through', () => {
    const queue = queueOf({ flowLimits: { rateLimit: { perSecond: 10, burst: 1 } } });
    const used = keyOf('a', { count: { inFlight: 0, tatInMs: 70 } });
    const { shares, moreInMs } = new FlowKeyTurns().share(
      { queue, quota: 5 },
      { queue: 'q', flowKeys: [used] },
    );
    expect(shares).toEqual([]);
    expect(moreInMs).toBeCloseTo(70);
  });
});
