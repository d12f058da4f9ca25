import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstExcess } from './worst-excess.ts';

const RATE = { perSecond: 100, burst: 10 };

describe('the worst excess over a rate', () => {
  it('is what a burst has too many', () => {
    expect(worstExcess(Array<number>(10).fill(5), RATE)).toBe(0);
    expect(worstExcess(Array<number>(13).fill(5), RATE)).toBe(3);
  });

  it('is none for starts at exactly the rate after a whole burst', () => {
    const atMs = [
      ...Array<number>(10).fill(0),
      ...Array.from({ length: 50 }, (_, index) => (index + 1) * 10),
    ];
    expect(worstExcess(atMs, RATE)).toBeCloseTo(0, 6);
  });

  it('sees a window in the middle of a long pause', () => {
    expect(worstExcess([0, 10_000, 10_000, 10_000, 20_000], { perSecond: 1, burst: 2 })).toBe(1);
  });

  it('is what trying every window finds', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 2000 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(
        instants,
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 5 }),
        (all, perSecond, burst) => {
          const atMs = all.toSorted((a, b) => a - b);
          const everyWindow = atMs.flatMap((from, first) =>
            atMs.slice(first).map((until, index) => index + 1 - burst - ((until - from) / 1000) * perSecond),
          );
          expect(worstExcess(atMs, { perSecond, burst })).toBeCloseTo(Math.max(...everyWindow), 6);
        },
      ),
    );
  });
});
