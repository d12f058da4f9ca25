import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CapacityShares, shareTurns, type Demand } from './share-capacity.ts';

const demand = (queue: string, weight = 3, room = Infinity): Demand => ({ queue, weight, room });
const share = (demands: Demand[], capacity: number) =>
  Object.fromEntries(new CapacityShares().share(demands, capacity));

describe('sharing capacity', () => {
  it('is by weight', () => {
    expect(share([demand('critical', 6), demand('default', 3), demand('low', 1)], 100)).toEqual({
      critical: 60,
      default: 30,
      low: 10,
    });
  });

  it('gives what a queue has no room for to the others, by their weights', () => {
    expect(share([demand('a', 6, 10), demand('b', 3), demand('c', 1, 0)], 100)).toEqual({ a: 10, b: 90 });
    expect(share([demand('a', 6, 10), demand('b', 3), demand('c', 1)], 50)).toEqual({ a: 10, b: 30, c: 10 });
    expect(share([demand('a', 6, 2), demand('b', 3, 1)], 100)).toEqual({ a: 2, b: 1 });
  });

  it('lets queues take turns when there is less than one each', () => {
    const shares = new CapacityShares();
    const queues = ['a', 'b', 'c', 'd', 'e'].map((queue) => demand(queue));
    const turns = Array.from({ length: 5 }, () => [...shares.share(queues, 2)]);
    const served = turns.flat().flatMap(([queue, quota]) => Array.from({ length: quota }, () => queue));
    expect(served.toSorted()).toEqual(['a', 'a', 'b', 'b', 'c', 'c', 'd', 'd', 'e', 'e']);
  });

  it('owes nothing to a queue that had nothing due', () => {
    const shares = new CapacityShares();
    for (let round = 0; round < 50; round += 1) shares.share([demand('a')], 10);
    expect(Object.fromEntries(shares.share([demand('a'), demand('b')], 10))).toEqual({ a: 5, b: 5 });
  });

  const demands = fc.uniqueArray(
    fc.record({
      queue: fc.string({ minLength: 1, maxLength: 3 }),
      weight: fc.integer({ min: 1, max: 1000 }),
      room: fc.oneof(fc.constant(Infinity), fc.nat(50)),
    }),
    { selector: ({ queue }) => queue, minLength: 1, maxLength: 20 },
  );

  it('never gives away more than there is, all of it while there is room, and to no queue more than its room', () => {
    fc.assert(
      fc.property(demands, fc.array(fc.nat(60), { minLength: 1, maxLength: 10 }), (queues, capacities) => {
        const shares = new CapacityShares();
        for (const capacity of capacities) {
          const quotas = shares.share(queues, capacity);
          const total = [...quotas.values()].reduce((sum, quota) => sum + quota, 0);
          expect(total).toBe(
            Math.min(
              capacity,
              queues.reduce((sum, { room }) => sum + room, 0),
            ),
          );
          for (const { queue, room } of queues)
            expect(quotas.get(queue) ?? 1).toBeLessThanOrEqual(Math.max(1, room));
          expect([...quotas.values()].every((quota) => Number.isInteger(quota) && quota > 0)).toBe(true);
        }
      }),
    );
  });

  it('is in proportion in the long run, however the capacity changes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 100, maxLength: 200 }),
        (capacities) => {
          const shares = new CapacityShares();
          const had = { critical: 0, default: 0, low: 0 };
          for (const capacity of capacities) {
            const quotas = shares.share(
              [demand('critical', 6), demand('default', 3), demand('low', 1)],
              capacity,
            );
            for (const [queue, quota] of quotas) had[queue as keyof typeof had] += quota;
          }
          const tenth = (had.critical + had.default + had.low) / 10;
          expect(Math.abs(had.critical - 6 * tenth)).toBeLessThanOrEqual(2);
          expect(Math.abs(had.low - tenth)).toBeLessThanOrEqual(2);
        },
      ),
    );
  });
});

describe('sharing turns', () => {
  it('gives each the same, and the rest to the first', () => {
    expect(shareTurns([Infinity, Infinity, Infinity], 7)).toEqual([3, 2, 2]);
    expect(shareTurns([Infinity, Infinity, Infinity], 2)).toEqual([1, 1, 0]);
  });

  it('gives what one has no room for to the others', () => {
    expect(shareTurns([1, Infinity, 0, Infinity], 10)).toEqual([1, 5, 0, 4]);
    expect(shareTurns([1, 2], 10)).toEqual([1, 2]);
    expect(shareTurns([], 10)).toEqual([]);
  });

  it('hands out all there is room for, and never more', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(100), (rooms, quota) => {
        const parts = shareTurns(rooms, quota);
        const room = rooms.reduce((sum, each) => sum + each, 0);
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(Math.min(quota, room));
        expect(parts.every((part, index) => part <= (rooms[index] ?? 0))).toBe(true);
      }),
    );
  });
});
