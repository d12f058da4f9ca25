import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeCursor, decodeNameCursor, encodeCursor, encodeNameCursor } from './cursor.ts';

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

test('a cursor gives back its name, in characters that need no escape', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (text) => {
      const name = text.replaceAll('\0', '').concat('a');
      expect(decodeNameCursor(encodeNameCursor(name))).toBe(name);
      expect(encodeNameCursor(name)).toMatch(/^[A-Za-z0-9._~-]+$/);
    }),
  );
});

test.each(['', '!', 'YQ==', 'YR', 'AGE', '_w'])('%j is no cursor of a name', (text) => {
  expect(decodeNameCursor(text)).toBeUndefined();
});
