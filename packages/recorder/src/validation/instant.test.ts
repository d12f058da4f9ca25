import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseInstant, toUtc } from './instant.ts';

test.each([
  ['2026-11-22T14:50:00Z', '2026-11-22T14:50:00.000Z'],
  ['2026-11-22t14:50:00.5z', '2026-11-22T14:50:00.500Z'],
  ['2026-11-22T14:50:00.123456789012+05:30', '2026-11-22T09:20:00.123Z'],
  ['2024-02-29T00:00:00-00:00', '2024-02-29T00:00:00.000Z'],
  ['2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000Z'],
  ['0001-01-01T00:00:00Z', '1970-01-01T00:00:00.000Z'],
  ['0000-01-01T00:00:00+01:00', '1970-01-01T00:00:00.000Z'],
  ['9999-12-31T23:59:59-01:00', '9999-12-31T23:59:59.999Z'],
])('%s is %s', (text, utc) => {
  expect(toUtc(text)).toBe(utc);
});

test.each([
  '2026-11-22',
  '2026-11-22T14:50Z',
  '2026-11-22T14:50:00',
  '2026-11-22 14:50:00Z',
  '2026-02-29T00:00:00Z',
  '2026-04-31T00:00:00Z',
  '2026-13-01T00:00:00Z',
  '2026-11-22T24:01:00Z',
  '2026-11-22T14:60:00Z',
  '2026-11-22T14:50:61Z',
  '2026-11-22T14:50:00+25:00',
  '+002026-11-22T14:50:00Z',
  'yesterday',
  '',
])('%j is no instant', (text) => {
  expect(parseInstant(text)).toBeUndefined();
});

test('what Date writes is read back', () => {
  const dates = fc.date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true });
  fc.assert(
    fc.property(dates, (date) => {
      expect(parseInstant(date.toISOString())).toBe(date.getTime());
    }),
  );
});
