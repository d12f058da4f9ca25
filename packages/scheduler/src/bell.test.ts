import { createFakeClock } from '@dispatchr/testkit';
import { beforeEach, expect, it } from 'vitest';
import { createBell, type Bell } from './bell.ts';

let clock: ReturnType<typeof createFakeClock>;
let bell: Bell;
beforeEach(() => {
  clock = createFakeClock();
  bell = createBell(clock);
});

/** Milliseconds that a wait took. */
async function waited(ms: number, meanwhile: () => void = () => {}): Promise<number> {
  const startMs = clock.monotonicMs();
  let endMs = NaN;
  void bell.wait(ms).then(() => (endMs = clock.monotonicMs()));
  meanwhile();
  await clock.advance(ms);
  return endMs - startMs;
}

it('a wait ends by itself', async () => {
  expect(await waited(100)).toBe(100);
});

it('a ring ends the wait, and leaves no timer behind', async () => {
  expect(await waited(100, bell.ring)).toBe(0);
  expect(clock.pendingTimers()).toBe(0);
});

it('rings that nobody waited for end one wait only', async () => {
  bell.ring();
  bell.ring();
  expect(await waited(100)).toBe(0);
  expect(await waited(100)).toBe(100);
});

it('of several timers the earliest ends the wait', async () => {
  bell.ringIn(40);
  expect(await waited(100, () => bell.ringIn(60))).toBe(40);
  expect(await waited(100, () => bell.ringIn(30))).toBe(30);
});
