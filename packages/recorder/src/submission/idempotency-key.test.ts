import { expect, test } from 'vitest';
import { parseIdempotencyKey } from './idempotency-key.ts';

test.each([
  ['"7f0c2a"', '7f0c2a'],
  [' "a b" ', 'a b'],
  [String.raw`"k\"1\\"`, String.raw`k"1\ `.trim()],
])('%s is a key', (value, key) => {
  expect(parseIdempotencyKey(value)).toEqual({ kind: 'key', key });
});

const quotes = 'expected one string in double quotes, such as "7f0c2a"';
const length = 'expected 1 to 255 characters between the quotes';

test.each([
  ['7f0c2a', `${quotes}, got 7f0c2a`],
  ['"a", "b"', `${quotes}, got "a", "b"`],
  ['', `${quotes}, got nothing`],
  ['k'.repeat(300), `${quotes}, got ${'k'.repeat(80)}… (300 characters)`],
  ['""', `${length}, got 0: ""`],
  [`"${'k'.repeat(256)}"`, `${length}, got 256: "${'k'.repeat(80)}"… (256 characters)`],
])('%s is none, and the message says what came', (value, detail) => {
  expect(parseIdempotencyKey(value)).toEqual({ kind: 'malformed', detail });
});
