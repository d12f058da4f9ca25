import { createFakeClock } from '@dispatchr/testkit';
import { expect, it } from 'vitest';
import { createRecentRate } from './recent-rate.ts';

it('a rate counts the last second and forgets what is older', async () => {
  const clock = createFakeClock();
  const rate = createRecentRate(clock);
  for (let step = 0; step < 30; step += 1) {
    rate.count();
    rate.count();
    await clock.advance(100);
  }
  expect(rate.perSecond()).toBe(18);
  await clock.advance(500);
  expect(rate.perSecond()).toBe(8);
  await clock.advance(60_000);
  expect(rate.perSecond()).toBe(0);
  rate.count();
  expect(rate.perSecond()).toBe(1);
});
