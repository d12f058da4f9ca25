import fc from 'fast-check';
import { expect, it } from 'vitest';
import { recordedText } from './recorded-text.ts';

it('any bytes become text without NUL that fits the bound and survives UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.integer({ min: 0, max: 40 }), (bytes, bound) => {
      const text = recordedText(bytes, bound);
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(bound);
      expect(text).not.toContain('\0');
      expect(Buffer.from(text).toString()).toBe(text);
    }),
  );
});

it('a character that is cut at the bound is left out', () => {
  expect(recordedText(Buffer.from('aä'), 2)).toBe('a');
});
