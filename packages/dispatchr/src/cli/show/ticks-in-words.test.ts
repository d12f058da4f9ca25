import { describe, expect, it } from 'vitest';
import { instantInWords, ticksInWords, timeInZone } from './ticks-in-words.ts';

const NOW_MS = Date.parse('2026-11-22T22:30:00Z');
const NEXT = '2026-11-23T01:30:00.000Z';
const LAST = { lastTickAt: '2026-11-22T01:30:00.000Z', lastTaskId: 'nightly-report:2026-11-22T01:30:00Z' };

describe('ticksInWords', () => {
  it.each([
    [
      'ticks',
      { paused: false, nextTickAt: NEXT, ...LAST },
      'next tick 2026-11-23T01:30:00Z (in 3 h); last tick 2026-11-22T01:30:00Z (21 h ago), last task nightly-report:2026-11-22T01:30:00Z',
    ],
    ['is new', { paused: false, nextTickAt: NEXT }, 'next tick 2026-11-23T01:30:00Z (in 3 h); no tick yet'],
    [
      'was run only',
      { paused: false, nextTickAt: NEXT, lastTaskId: 'a' },
      'next tick 2026-11-23T01:30:00Z (in 3 h); no tick yet, last task a',
    ],
    [
      'is paused',
      { paused: true, lastTickAt: LAST.lastTickAt },
      'paused: its ticks are left out; last tick 2026-11-22T01:30:00Z (21 h ago)',
    ],
    ['has no tick left', { paused: false }, 'no tick is left; no tick yet'],
    [
      'is being recorded',
      { paused: false, nextTickAt: '2026-11-22T22:29:59.000Z' },
      'next tick 2026-11-22T22:29:59Z (1 s ago); no tick yet',
    ],
    [
      'is overdue',
      { paused: false, nextTickAt: '2026-11-22T22:27:00.000Z' },
      'its tick 2026-11-22T22:27:00Z (3 min ago) is not recorded: no scheduler has been alive lately; no tick yet',
    ],
  ])('tells of a schedule that %s', (_what, schedule, sentence) => {
    expect(ticksInWords(schedule, NOW_MS)).toBe(sentence);
  });
});

describe('instantInWords', () => {
  it('keeps milliseconds that are not zero', () => {
    expect(instantInWords('2026-11-22T22:30:01.250Z', NOW_MS)).toBe('2026-11-22T22:30:01.250Z (in 1.3 s)');
  });
});

describe('timeInZone', () => {
  it.each([
    ['Europe/Berlin', 'Mon 02:30:00 in Europe/Berlin'],
    ['America/New_York', 'Sun 20:30:00 in America/New_York'],
    ['UTC', undefined],
    ['Mars/Olympus', undefined],
  ])('reads the clocks of %s', (timeZone, time) => {
    expect(timeInZone(NEXT, timeZone)).toBe(time);
  });

  it('calls midnight 00', () => {
    expect(timeInZone('2026-11-22T23:00:00Z', 'Europe/Berlin')).toBe('Mon 00:00:00 in Europe/Berlin');
  });
});
