import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RETRY_AFTER_MAX_MS, retryAfterMs } from './retry-after.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const HOUR = 3_600_000;

describe('Retry-After', () => {
  test.each([
    ['0', 0],
    ['2', 2000],
    [' 2 ', 2000],
    ['007', 7000],
    ['3600', HOUR],
    ['3601', HOUR],
    ['1000000000000000000', HOUR],
    ['9'.repeat(400), HOUR],
  ])('of %j seconds is %d ms', (retryAfter, waitMs) => {
    expect(retryAfterMs({ retryAfter }, NOW)).toBe(waitMs);
  });

  test.each([undefined, '', ' ', '-1', '+1', '1e18', '1.5', '0x10', '2 s', 'soon', 'NaN', '2, 3', '٣'])(
    'of %j says nothing',
    (retryAfter) => {
      expect(retryAfterMs(retryAfter === undefined ? {} : { retryAfter }, NOW)).toBeUndefined();
    },
  );

  test.each([
    ['Sun, 22 Nov 2026 12:00:05 GMT', 5000],
    ['Sunday, 22-Nov-26 12:00:05 GMT', 5000],
    ['Sun Nov 22 12:00:05 2026', 5000],
    ['Sun, 22 Nov 2026 11:59:55 GMT', 0],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
    ['Fri, 31 Dec 9999 23:59:59 GMT', HOUR],
  ])('of the date %s without a Date is measured against now', (retryAfter, waitMs) => {
    expect(retryAfterMs({ retryAfter }, NOW)).toBe(waitMs);
    expect(retryAfterMs({ retryAfter, date: 'yesterday' }, NOW)).toBe(waitMs);
  });

  test.each([
    ['Thu, 01 Jan 1970 00:01:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 60_000],
    ['Thursday, 01-Jan-70 00:01:00 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 60_000],
    ['Sun, 22 Nov 2026 12:00:05 GMT', 'Sunday, 22-Nov-26 12:00:03 GMT', 2000],
    ['Sun, 22 Nov 2026 12:00:05 GMT', 'Sun Nov 22 13:00:05 2026', 0],
  ])('of the date %s is measured against the Date %s', (retryAfter, date, waitMs) => {
    expect(retryAfterMs({ retryAfter, date }, NOW)).toBe(waitMs);
  });

  test('of seconds ignores the Date', () => {
    expect(retryAfterMs({ retryAfter: '2', date: 'Thu, 01 Jan 1970 00:00:00 GMT' }, NOW)).toBe(2000);
  });

  test('never asks for less than nothing or more than an hour, whatever the header holds', () => {
    const header = fc.oneof(
      fc.string(),
      fc.bigInt().map(String),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(header, fc.option(header, { nil: '' }), fc.nat(), (retryAfter, date, nowEpochMs) => {
        const waitMs = retryAfterMs({ retryAfter, date }, nowEpochMs) ?? 0;
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(RETRY_AFTER_MAX_MS);
      }),
    );
  });
});
