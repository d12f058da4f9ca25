import { DEFAULTS } from '@dispatchr/contract';
import { describe, expect, test } from 'vitest';
import { attemptsLeft, listedVerdict, resolveRetryPolicy } from './retry-policy.ts';

describe('a resolved retry policy', () => {
  test('is the published default when nothing is asked', () => {
    expect(resolveRetryPolicy()).toEqual({
      maxAttempts: 100,
      minBackoffMs: 2000,
      maxBackoffMs: 3_600_000,
      multiplier: 2,
      jitter: 0.2,
      retryOn: [],
      failOn: [],
    });
  });

  test('keeps what is asked and fills in the rest', () => {
    const asked = { maxAttempts: 3, maxDurationMs: 60_000, failOn: ['404'] };
    expect(resolveRetryPolicy(asked)).toEqual({ ...DEFAULTS.retry, ...asked });
  });

  test('keeps a zero that is asked', () => {
    expect(resolveRetryPolicy({ jitter: 0 }).jitter).toBe(0);
  });

  test('takes from the queue what is not asked, member by member', () => {
    const ofQueue = { maxAttempts: 5, jitter: 0, failOn: ['5xx'] };
    expect(resolveRetryPolicy({ maxAttempts: 3 }, ofQueue)).toEqual({
      ...DEFAULTS.retry,
      maxAttempts: 3,
      jitter: 0,
      failOn: ['5xx'],
    });
  });

  test('keeps an empty list that is asked, whatever the queue lists', () => {
    expect(resolveRetryPolicy({ failOn: [] }, { failOn: ['5xx'] }).failOn).toEqual([]);
  });

  test('shares no list with the defaults', () => {
    resolveRetryPolicy().failOn.push('404');
    expect(resolveRetryPolicy().failOn).toEqual([]);
  });
});

describe('the producer’s lists', () => {
  test.each<[number, string[], string[], 'fail' | 'retry' | undefined]>([
    [404, [], [], undefined],
    [404, ['404'], [], 'fail'],
    [404, [], ['404'], 'retry'],
    [404, ['4xx'], [], 'fail'],
    [404, [], ['4xx'], 'retry'],
    [404, ['4xx'], ['404'], 'retry'],
    [404, ['404'], ['4xx'], 'fail'],
    [404, ['4xx'], ['4xx'], 'fail'],
    [404, ['405', '5xx'], ['403', '3xx'], undefined],
    [500, ['5xx'], ['503'], 'fail'],
    [503, ['5xx'], ['503'], 'retry'],
    [308, ['3xx'], [], 'fail'],
  ])('say of %d with failOn %j and retryOn %j: %s', (status, failOn, retryOn, verdict) => {
    expect(listedVerdict(status, { failOn, retryOn })).toBe(verdict);
  });
});

describe('the attempts left', () => {
  test.each([
    [3, 0, 2],
    [3, 1, 1],
    [3, 2, 0],
    [3, 3, 0],
    [1, 0, 0],
    [1, 7, 0],
  ])('of %d with %d used are %d', (maxAttempts, used, left) => {
    expect(attemptsLeft({ maxAttempts }, used)).toBe(left);
  });
});
