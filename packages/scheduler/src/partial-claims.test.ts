import { expect, it } from 'vitest';
import { createPartialClaims } from './partial-claims.ts';

it('lets quick ones follow each other at once', () => {
  const partial = createPartialClaims();
  expect(partial.nextInMs(0)).toBeLessThanOrEqual(0);
  partial.made(0, 0, 10);
  expect(partial.nextInMs(10)).toBe(0);
});

it('makes long ones wait nine times what they take beyond any claim', () => {
  const partial = createPartialClaims();
  partial.made(0, 0, 110);
  expect(partial.nextInMs(110)).toBe(900);
  expect(partial.nextInMs(1010)).toBe(0);
});

it('takes one for no longer than a busy machine makes it', () => {
  const partial = createPartialClaims();
  partial.made(0, 25, 135);
  expect(partial.nextInMs(135)).toBe(0);
});

it('takes a single long one for an accident, and eight for many tasks to read past', () => {
  const partial = createPartialClaims();
  partial.made(0, 0, 5);
  for (let claim = 1; claim <= 7; claim += 1) {
    partial.made(1000 * claim, 1000 * claim, 1000 * claim + 60);
    expect(partial.nextInMs(1000 * claim + 60)).toBe(0);
  }
  partial.made(8000, 8000, 8060);
  expect(partial.nextInMs(8060)).toBe(450);
});
