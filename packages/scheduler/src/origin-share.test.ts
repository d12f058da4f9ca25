import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { originShare } from './origin-share.ts';

/** Starts attempts of one origin after the other, as many as the share allows; answers with how many each got. */
function fill(concurrency: number, origins: number): number[] {
  let free = concurrency;
  return Array.from({ length: origins }, () => {
    let inFlight = 0;
    for (; free > 0 && inFlight < originShare(inFlight, free); free -= 1) inFlight += 1;
    return inFlight;
  });
}

const concurrencies = fc.integer({ min: 1, max: 10_000 });

describe('the share of an origin', () => {
  it('is nine tenths for one alone, nine tenths of the rest for a second, and there is a slot for a third', () => {
    expect(fill(100, 3)).toEqual([90, 9, 1]);
    expect(fill(1000, 4)).toEqual([900, 90, 9, 1]);
  });

  it('is one even where no slot is to be spared', () => {
    expect(fill(1, 2)).toEqual([1, 0]);
    expect(originShare(0, 0)).toBe(1);
  });

  it('is at most nine times what is left free, or one', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), (inFlight, free) => {
        const share = originShare(inFlight, free);
        const leftFree = inFlight + free - share;
        expect(share === 1 || share <= 9 * leftFree).toBe(true);
      }),
    );
  });

  it('leaves a slot for an origin that has nothing in flight, however much the others ask for', () => {
    fc.assert(
      fc.property(concurrencies, (concurrency) => {
        const [first = 0, second = 0] = fill(concurrency, 2);
        expect(first).toBeGreaterThanOrEqual(1);
        if (concurrency > 1) expect(second).toBeGreaterThanOrEqual(1);
        if (concurrency >= 20) expect(first + second).toBeLessThan(concurrency);
      }),
    );
  });

  it('does not change with what the origin itself starts, and never shrinks when others end', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.integer({ min: 1, max: 10_000 }), (inFlight, free) => {
        expect(originShare(inFlight + 1, free - 1)).toBe(originShare(inFlight, free));
        expect(originShare(inFlight, free + 1)).toBeGreaterThanOrEqual(originShare(inFlight, free));
      }),
    );
  });
});
