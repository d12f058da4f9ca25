import { describe, expect, test } from 'vitest';
import { defaultWeight, flowLimitsOf, rateOf, roomOf } from './limits.ts';

const idle = { inFlight: 0, tatInMs: -1000 };

describe('a rate', () => {
  test.each([
    { perSecond: 100, burst: 10 },
    { perSecond: 100, burst: 1 },
    { perSecond: 100 },
    { perSecond: 1 },
    { perSecond: 1, burst: 2 },
    { perSecond: 0.001 },
    { perSecond: 100_000, burst: 1 },
    { perSecond: 5, burst: 100_000 },
  ])('%j is never exceeded by starts that are late by up to their delay', (limit) => {
    const { intervalMs, capacity, sendWithinMs } = rateOf(limit);
    const burst = limit.burst ?? Math.ceil(limit.perSecond);
    // Within no time at all: a full burst, and what was paid as early as may be and is late.
    const atOnce = capacity + sendWithinMs / intervalMs;
    expect(atOnce).toBeLessThanOrEqual(Math.max(burst, 1 + limit.perSecond * 0.05));
    expect(capacity).toBeGreaterThanOrEqual(1);
    expect(sendWithinMs).toBeGreaterThanOrEqual(40);
  });

  test('keeps at least half of a burst for starts at once', () => {
    expect(rateOf({ perSecond: 100, burst: 10 })).toEqual({ intervalMs: 10, capacity: 5, sendWithinMs: 40 });
    expect(rateOf({ perSecond: 10, burst: 100 }).capacity).toBe(90);
  });
});

describe('the room of a gate', () => {
  test('is without bounds where nothing is limited', () => {
    expect(roomOf({}, { inFlight: 1e6, tatInMs: 1e6 })).toEqual({ room: Infinity });
  });

  test('is what concurrency leaves', () => {
    expect(roomOf({ maxConcurrency: 5 }, { ...idle, inFlight: 3 })).toEqual({ room: 2 });
    expect(roomOf({ maxConcurrency: 5 }, { ...idle, inFlight: 5 })).toEqual({ room: 0, full: 'concurrency' });
    expect(roomOf({ maxConcurrency: 5 }, { ...idle, inFlight: 9 })).toEqual({ room: 0, full: 'concurrency' });
  });

  test('is what the rate leaves, and says when there is more', () => {
    const rateLimit = { perSecond: 100, burst: 10 };
    expect(roomOf({ rateLimit }, idle)).toEqual({ room: 5 });
    expect(roomOf({ rateLimit }, { inFlight: 0, tatInMs: 20 })).toEqual({ room: 3 });
    expect(roomOf({ rateLimit }, { inFlight: 0, tatInMs: 45 })).toEqual({
      room: 0,
      full: 'rate',
      nextInMs: 5,
      moreInMs: 15,
    });
  });

  test('is the smaller of both', () => {
    expect(roomOf({ maxConcurrency: 2, rateLimit: { perSecond: 100, burst: 10 } }, idle).room).toBe(2);
    expect(roomOf({ maxConcurrency: 9, rateLimit: { perSecond: 100, burst: 10 } }, idle).room).toBe(5);
  });
});

test('a flow key has its own limits, and the queue’s where it has none', () => {
  const rateLimit = { perSecond: 1 };
  expect(flowLimitsOf({ maxConcurrency: 1 }, { maxConcurrency: 2, rateLimit })).toEqual({
    maxConcurrency: 1,
    rateLimit,
  });
});

test('three queues have weights without any settings', () => {
  expect(['critical', 'default', 'low', 'other'].map((queue) => defaultWeight(queue))).toEqual([6, 3, 1, 3]);
});
