import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { resolveRetryPolicy } from './retry-policy.ts';
import { retryDelayMs } from './retry-delay.ts';

const steady = () => 0;
const backoff = fc.record({
  minBackoffMs: fc.integer({ min: 1, max: 86_400_000 }),
  maxBackoffMs: fc.integer({ min: 1, max: 86_400_000 }),
  multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
  jitter: fc.double({ min: 0, max: 1, noNaN: true }),
});
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const attempt = fc.oneof(
  fc.integer({ min: 1, max: 1000 }),
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
);

describe('the retry delay', () => {
  test.each([
    [0, 2000],
    [1, 2000],
    [2, 4000],
    [3, 8000],
    [11, 2_048_000],
    [12, 3_600_000],
    [1024, 3_600_000],
    [Number.MAX_SAFE_INTEGER, 3_600_000],
  ])('after used attempt %d is %d ms by default, before jitter', (used, delayMs) => {
    expect(retryDelayMs(resolveRetryPolicy(), used, steady)).toBe(delayMs);
  });

  test('stays level with a multiplier of 1', () => {
    const retry = resolveRetryPolicy({ multiplier: 1 });
    expect([1, 2, 500].map((used) => retryDelayMs(retry, used, steady))).toEqual([2000, 2000, 2000]);
  });

  test('is stretched by at most the jitter', () => {
    expect(retryDelayMs(resolveRetryPolicy(), 1, () => 0.5)).toBe(2200);
    expect(retryDelayMs(resolveRetryPolicy({ jitter: 0 }), 1, () => 0.5)).toBe(2000);
  });

  test('adds up to about 3.7 days over the default hundred attempts', () => {
    const retry = resolveRetryPolicy();
    const delays = Array.from({ length: 99 }, (_, index) => retryDelayMs(retry, index + 1, steady));
    expect(delays.reduce((sum, delayMs) => sum + delayMs, 0) / 86_400_000).toBeCloseTo(3.7, 1);
  });

  test('is never earlier than the bare figure nor later than jitter allows', () => {
    fc.assert(
      fc.property(backoff, attempt, chance, (retry, used, luck) => {
        const bareMs = Math.min(retry.maxBackoffMs, retry.minBackoffMs * retry.multiplier ** (used - 1));
        const delayMs = retryDelayMs(retry, used, () => luck);
        expect(Number.isSafeInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(bareMs);
        expect(delayMs).toBeLessThanOrEqual(Math.ceil(bareMs * (1 + retry.jitter)));
      }),
    );
  });

  test('never shrinks from one attempt to the next', () => {
    fc.assert(
      fc.property(backoff, fc.integer({ min: 1, max: 1000 }), chance, (retry, used, luck) => {
        const delayAfter = (n: number) => retryDelayMs(retry, n, () => luck);
        expect(delayAfter(used + 1)).toBeGreaterThanOrEqual(delayAfter(used));
      }),
    );
  });

  test('is the later of backoff and Retry-After, each with its jitter', () => {
    const retryAfter = fc.integer({ min: 0, max: 3_600_000 });
    fc.assert(
      fc.property(backoff, attempt, retryAfter, chance, (retry, used, notBeforeMs, luck) => {
        const expected = Math.max(
          retryDelayMs(retry, used, () => luck),
          Math.ceil(notBeforeMs * (1 + retry.jitter * luck)),
        );
        expect(retryDelayMs(retry, used, () => luck, notBeforeMs)).toBe(expected);
      }),
    );
  });
});
