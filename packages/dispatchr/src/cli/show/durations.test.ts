import { describe, expect, it } from 'vitest';
import { clockTime, clockTimeExactly, durationInWords, relativeInWords } from './durations.ts';

describe('durationInWords', () => {
  it.each([
    [0, '0 ms'],
    [12.4, '12 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [3100, '3.1 s'],
    [9949, '9.9 s'],
    [9999, '10 s'],
    [20_000, '20 s'],
    [59_400, '59 s'],
    [59_900, '1 min'],
    [150_000, '2.5 min'],
    [59.7 * 60_000, '1 h'],
    [4 * 3_600_000, '4 h'],
    [24 * 3_600_000, '24 h'],
    [90 * 3_600_000, '3.8 days'],
  ])('says %d ms as "%s"', (durationMs, words) => {
    expect(durationInWords(durationMs)).toBe(words);
  });
});

describe('relativeInWords', () => {
  it.each([
    [3100, 'in 3.1 s'],
    [49, 'now'],
    [-49, 'now'],
    [-120_000, '2 min ago'],
  ])('says %d ms from now as "%s"', (differenceMs, words) => {
    expect(relativeInWords(1_000_000 + differenceMs, 1_000_000)).toBe(words);
  });
});

describe('the time of the day', () => {
  const noon = new Date(2026, 10, 22, 12, 0, 0, 7).getTime();

  it('is enough on the same day', () => {
    expect(clockTime(noon, new Date(2026, 10, 22, 8).getTime())).toBe('12:00');
  });

  it('has its date on another day', () => {
    expect(clockTime(noon, new Date(2026, 10, 21, 23).getTime())).toBe('2026-11-22 12:00');
  });

  it('can be had to the millisecond', () => {
    expect(clockTimeExactly(noon)).toBe('12:00:00.007');
  });
});
