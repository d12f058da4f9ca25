import { createFakeClock } from '@dispatchr/testkit';
import { expect, it } from 'vitest';
import { OriginsInHand } from './origins-in-hand.ts';

const inHand = (concurrency = 100) => {
  const clock = createFakeClock();
  const origins = new OriginsInHand(concurrency, clock);
  const start = (name: string, count: number) =>
    Array.from({ length: count }, () => {
      const origin = origins.add(name);
      origins.start(origin);
      return origin;
    });
  return { clock, origins, start };
};

it('an origin that was never seen has its share of what is free, and what is claimed ahead', () => {
  const { origins, start } = inHand();
  expect(origins.claimLimits(0)).toEqual({ exceptOrigins: [], originLimits: [], otherOriginLimit: 90 });
  start('a', 90);
  expect(origins.claimLimits(400).otherOriginLimit).toBe(9 + 100);
});

it('an origin with its share in hand is left out, and has room again when an attempt ends', () => {
  const { origins, start } = inHand();
  const [one] = start('a', 90);
  expect(origins.claimLimits(0).exceptOrigins).toEqual(['a']);
  expect(origins.hasRoom('a')).toBe(false);
  if (one) origins.end(one);
  expect(origins.hasRoom('a')).toBe(true);
  expect(origins.claimLimits(0)).toMatchObject({
    exceptOrigins: [],
    originLimits: [{ origin: 'a', limit: 1 }],
  });
});

it('what waits counts as in hand, until it is given up', () => {
  const { origins, start } = inHand();
  start('a', 80);
  const waiting = Array.from({ length: 10 }, () => origins.add('a'));
  expect(origins.hasRoom('a')).toBe(false);
  waiting.forEach((origin) => origins.remove(origin));
  expect(origins.claimLimits(0).originLimits).toEqual([{ origin: 'a', limit: 10 }]);
});

it('an origin that ends attempts quickly has room for a quarter of a second of them beside its share', async () => {
  const { clock, origins, start } = inHand();
  start('a', 40).forEach((origin) => origins.end(origin));
  start('a', 90);
  expect(origins.claimLimits(40).originLimits).toEqual([{ origin: 'a', limit: 10 }]);
  await clock.advance(2000);
  expect(origins.hasRoom('a')).toBe(false);
});

it('may send while a slot is free and its share is not in flight', () => {
  const { origins, start } = inHand(10);
  const [a] = start('a', 9);
  const b = origins.add('b');
  expect(a && origins.maySend(a)).toBe(false);
  expect(origins.maySend(b)).toBe(true);
  origins.start(b);
  expect(origins.maySend(origins.add('c'))).toBe(false);
});

it('an origin is forgotten when nothing of it is in hand and nothing ended lately', async () => {
  const { clock, origins, start } = inHand();
  start('a', 1).forEach((origin) => origins.end(origin));
  expect(origins.claimLimits(1).originLimits).toEqual([{ origin: 'a', limit: 90 }]);
  await clock.advance(2000);
  expect(origins.claimLimits(0).originLimits).toEqual([]);
  expect(origins.hasRoom('a')).toBe(true);
});

it('what is held is left out by itself, and not as an origin that has enough in hand', () => {
  const { origins, start } = inHand();
  start('full', 90);
  start('held', 1);
  const limits = origins.claimLimitsBeside(
    { origins: ['held', 'full'], urls: [{ origin: 'a', url: 'a/x' }], probed: [], returning: [] },
    0,
  );
  expect(limits).toMatchObject({
    exceptOrigins: [],
    originLimits: [],
    heldOrigins: ['held', 'full'],
    heldUrls: [{ origin: 'a', url: 'a/x' }],
  });
});

it('an origin that is probed may have one task claimed, whatever of it still hangs', () => {
  const { origins, start } = inHand();
  start('a', 90);
  const held = { origins: [], urls: [], probed: ['a'], returning: [] };
  expect(origins.claimLimitsBeside(held, 0)).toMatchObject({
    exceptOrigins: [],
    originLimits: [{ origin: 'a', limit: 1 }],
  });
  origins.add('a');
  expect(origins.claimLimitsBeside(held, 0)).toMatchObject({ originLimits: [], heldOrigins: ['a'] });
});

it('an origin that returns may have so much in hand', () => {
  const { origins, start } = inHand();
  start('a', 3);
  const claim = (most: number) =>
    origins.claimLimitsBeside({ origins: [], urls: [], probed: [], returning: [{ origin: 'a', most }] }, 0);
  expect(claim(4).originLimits).toEqual([{ origin: 'a', limit: 1 }]);
  expect(claim(2)).toMatchObject({ originLimits: [], heldOrigins: ['a'] });
  expect(claim(Infinity).originLimits).toEqual([{ origin: 'a', limit: 87 }]);
});
