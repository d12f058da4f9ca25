import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shareCapacity } from './share-capacity.ts';

const lane = (queue: string, priority = 0) => ({ queue, priority });

describe('sharing capacity', () => {
  it('gives each queue the same', () => {
    expect(shareCapacity([lane('a'), lane('b')], 10, 0)).toEqual([
      { queue: 'a', quota: 5, priorities: [0] },
      { queue: 'b', quota: 5, priorities: [0] },
    ]);
  });

  it('gives a queue with many priorities no more than one with a single one, and its highest first', () => {
    const lanes = [lane('a', 1), lane('a', 9), lane('a', -5), lane('b', 0)];
    expect(shareCapacity(lanes, 10, 0)).toEqual([
      { queue: 'a', quota: 5, priorities: [9, 1, -5] },
      { queue: 'b', quota: 5, priorities: [0] },
    ]);
  });

  it('lets queues take turns when there is less than one each', () => {
    const lanes = ['a', 'b', 'c', 'd', 'e'].map((queue) => lane(queue));
    const turns = [0, 2, 4, 6, 8].map((offset) => shareCapacity(lanes, 2, offset).map(({ queue }) => queue));
    expect(turns).toEqual([
      ['a', 'b'],
      ['c', 'd'],
      ['e', 'a'],
      ['b', 'c'],
      ['d', 'e'],
    ]);
  });

  it('never gives away more than there is, and all of it when anything is due', () => {
    const anyLane = fc.record({
      queue: fc.constantFrom('a', 'b', 'c', 'd'),
      priority: fc.integer({ min: -3, max: 3 }),
    });
    const lanes = fc.uniqueArray(anyLane, {
      selector: ({ queue, priority }) => `${queue} ${priority}`,
      minLength: 1,
    });
    fc.assert(
      fc.property(lanes, fc.nat(50), fc.nat(1000), (due, capacity, offset) => {
        const shares = shareCapacity(due, capacity, offset);
        expect(shares.reduce((sum, { quota }) => sum + quota, 0)).toBe(capacity);
        expect(shares.every(({ quota }) => quota > 0)).toBe(true);
      }),
    );
  });

  it('names every priority of a queue that gets anything, from the highest down', () => {
    const priorities = fc.uniqueArray(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(priorities, (due) => {
        const [share] = shareCapacity(
          due.map((priority) => lane('a', priority)),
          1,
          0,
        );
        expect(share?.priorities).toEqual(due.toSorted((a, b) => b - a));
      }),
    );
  });

  it('lets each queue take its turn, however the capacity changes', () => {
    const capacities = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 8, maxLength: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8 }), capacities, (count, offered) => {
        const lanes = Array.from({ length: count }, (_, index) => lane(String(index)));
        const served = new Set<string>();
        const came = new Set<string>();
        let offset = 0;
        for (const capacity of offered) {
          const shares = shareCapacity(lanes, capacity, offset);
          for (const { queue } of shares) served.add(queue);
          // Once around by what did not divide evenly, each queue was among those that got more.
          const most = Math.max(...shares.map(({ quota }) => quota));
          const uneven = capacity % count > 0;
          if (uneven) for (const { queue, quota } of shares) if (quota === most) came.add(queue);
          offset += capacity;
        }
        expect(served.size).toBe(count);
        const uneven = offered.reduce((sum, capacity) => sum + (capacity % count), 0);
        if (uneven >= count) expect(came.size).toBe(count);
      }),
    );
  });

  it('gives nothing when nothing is due', () => {
    expect(shareCapacity([], 10, 0)).toEqual([]);
  });
});
