import { expect, test } from 'vitest';
import { preferredWaitMs, prefersWait } from './preferences.ts';

test.each([
  ['wait=10', 10_000],
  ['respond-async, WAIT = 3', 3000],
  ['wait="7"', 7000],
  ['wait=2; foo=bar', 2000],
  ['wait=1, wait=9', 1000],
  ['wait=0', 0],
  ['wait', 0],
  ['wait=', 0],
  ['wait=1.5', 0],
  ['wait=-1', 0],
  ['wait=0x10', 0],
  ['wait=ten', 0],
])('%s asks to wait for %i ms', (prefer, ms) => {
  expect(prefersWait(prefer)).toBe(true);
  expect(preferredWaitMs(prefer)).toBe(ms);
});

test.each(['', undefined, 'await', 'waiting=5', 'return=minimal', 'x; wait=1'])(
  '%s does not ask to wait',
  (prefer) => {
    expect(prefersWait(prefer)).toBe(false);
    expect(preferredWaitMs(prefer)).toBe(0);
  },
);
