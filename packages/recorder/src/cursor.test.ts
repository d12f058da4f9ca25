import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';

test('a cursor gives back its position, in characters that need no escape', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (position) => {
      expect(decodeCursor(encodeCursor(position))).toBe(position);
      expect(encodeCursor(position)).toMatch(/^[A-Za-z0-9._~-]+$/);
    }),
  );
});

test.each(['', '!', 'MTg0Mg==', 'LTE', 'MDE', 'MS41', 'MWUz', 'OTAwNzE5OTI1NDc0MDk5Mw'])(
  '%j is no cursor',
  (text) => {
    expect(decodeCursor(text)).toBeUndefined();
  },
);
