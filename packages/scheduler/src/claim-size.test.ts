import { describe, expect, it } from 'vitest';
import { claimSize, MAX_PREFETCH, type Load } from './claim-size.ts';

const idle: Load = { inFlight: 0, buffered: 0, settling: 0, endedPerSecond: 0, bytesPerTask: 1000 };

describe('the size of a claim', () => {
  it('is the free slots while nothing is known of the targets', () => {
    expect(claimSize(idle, 100)).toBe(100);
    expect(claimSize({ ...idle, inFlight: 99 }, 100)).toBe(1);
  });

  it('is nothing while slow targets hold every slot', () => {
    expect(claimSize({ ...idle, inFlight: 100, endedPerSecond: 3 }, 100)).toBe(0);
  });

  it('adds what quick targets get through in a quarter of a second', () => {
    expect(claimSize({ ...idle, inFlight: 100, endedPerSecond: 800 }, 100)).toBe(200);
  });

  it('waits until half of that is used up', () => {
    expect(claimSize({ ...idle, inFlight: 100, buffered: 101, endedPerSecond: 800 }, 100)).toBe(0);
    expect(claimSize({ ...idle, inFlight: 100, buffered: 100, endedPerSecond: 800 }, 100)).toBe(100);
  });

  it('stays within its bound however quick the targets are', () => {
    expect(claimSize({ ...idle, inFlight: 100, endedPerSecond: 1e6 }, 100)).toBe(MAX_PREFETCH);
  });

  it('stays within bounds of memory when tasks are large', () => {
    expect(claimSize({ ...idle, inFlight: 100, endedPerSecond: 1e6, bytesPerTask: 1024 * 1024 }, 100)).toBe(
      32,
    );
  });

  it('is small until something is known of the size of tasks', () => {
    expect(claimSize({ ...idle, bytesPerTask: 0 }, 5000)).toBe(100);
    expect(claimSize({ ...idle, bytesPerTask: 1500 }, 5000)).toBe(5000);
  });

  it('stays within bounds of memory for free slots too, and is never less than one task', () => {
    expect(claimSize({ ...idle, bytesPerTask: 1024 * 1024 }, 5000)).toBe(32);
    expect(claimSize({ ...idle, bytesPerTask: 1e9 }, 5000)).toBe(1);
  });

  it('shrinks to nothing while the database does not take the settlements', () => {
    expect(claimSize({ ...idle, settling: 100 }, 100)).toBe(100);
    expect(claimSize({ ...idle, settling: 150 }, 100)).toBe(50);
    expect(claimSize({ ...idle, settling: 250 }, 100)).toBe(0);
  });
});
