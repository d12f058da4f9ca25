import type { ErrorCode } from '@dispatchr/contract';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { outcomeOf, REJECTED_STATUSES } from './outcome.ts';

const NOW = Date.UTC(2026, 10, 22, 12, 0, 0);
const NO_LISTS = { retryOn: [], failOn: [] };
const kindOf = (
  status: number,
  lists = NO_LISTS as { retryOn: string[]; failOn: string[] },
  dispatchrRetry?: string,
) =>
  outcomeOf({ kind: 'response', status, ...(dispatchrRetry !== undefined && { dispatchrRetry }) }, lists, NOW)
    .kind;

const pattern = fc.oneof(
  fc.integer({ min: 300, max: 599 }).map(String),
  fc.constantFrom('3xx', '4xx', '5xx'),
);
const lists = fc.record({
  retryOn: fc.array(pattern, { maxLength: 5 }),
  failOn: fc.array(pattern, { maxLength: 5 }),
});

describe('the outcome of a status', () => {
  test.each([200, 201, 202, 204, 206, 226, 299])('%d is completed', (status) => {
    expect(kindOf(status)).toBe('completed');
  });

  test.each([400, 405, 410, 413, 414, 415, 422])('%d is rejected', (status) => {
    expect(kindOf(status)).toBe('rejected');
  });

  test.each([
    100, 101, 199, 300, 301, 302, 303, 304, 307, 308, 401, 402, 403, 404, 406, 407, 408, 409, 411, 412, 416,
    417, 418, 421, 423, 425, 426, 428, 429, 431, 451, 499, 500, 501, 502, 503, 504, 599, 600, 999,
  ])('%d is retryable', (status) => {
    expect(kindOf(status)).toBe('retryable');
  });

  test('2xx is completed whatever the lists and headers say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 299 }), lists, (status, given) => {
        expect(kindOf(status, { ...given, failOn: [...given.failOn, '2xx'] }, 'no')).toBe('completed');
      }),
    );
  });

  test('failOn rejects what the default would retry', () => {
    expect(kindOf(404, { retryOn: [], failOn: ['404'] })).toBe('rejected');
    expect(kindOf(503, { retryOn: [], failOn: ['5xx'] })).toBe('rejected');
  });

  test('retryOn retries what the default would reject', () => {
    expect(kindOf(422, { retryOn: ['422'], failOn: [] })).toBe('retryable');
    expect(kindOf(422, { retryOn: ['4xx'], failOn: [] })).toBe('retryable');
  });

  test('a code beats a class', () => {
    expect(kindOf(404, { retryOn: ['404'], failOn: ['4xx'] })).toBe('retryable');
    expect(kindOf(404, { retryOn: ['4xx'], failOn: ['404'] })).toBe('rejected');
  });

  test('a status that neither list names keeps its default', () => {
    fc.assert(
      fc.property(fc.integer({ min: 300, max: 599 }), lists, (status, given) => {
        const named = [...given.retryOn, ...given.failOn].some(
          (entry) => entry === String(status) || (entry.endsWith('xx') && entry[0] === String(status)[0]),
        );
        fc.pre(!named);
        expect(kindOf(status, given)).toBe(REJECTED_STATUSES.has(status) ? 'rejected' : 'retryable');
      }),
    );
  });
});

describe('Dispatchr-Retry', () => {
  test.each(['no', 'No', ' NO '])('%j rejects, even what retryOn names', (value) => {
    expect(kindOf(500, NO_LISTS, value)).toBe('rejected');
    expect(kindOf(500, { retryOn: ['500'], failOn: [] }, value)).toBe('rejected');
  });

  test.each(['', 'yes', 'none', 'false', 'no-thanks'])('%j changes nothing', (value) => {
    expect(kindOf(500, NO_LISTS, value)).toBe('retryable');
    expect(kindOf(422, NO_LISTS, value)).toBe('rejected');
  });
});

describe('Retry-After', () => {
  test.each([308, 404, 429, 500, 503])('goes with a retryable %d', (status) => {
    expect(outcomeOf({ kind: 'response', status, retryAfter: '2' }, NO_LISTS, NOW)).toEqual({
      kind: 'retryable',
      notBeforeMs: 2000,
    });
  });

  test('as a date is measured against the response’s own Date', () => {
    const answer = {
      kind: 'response',
      status: 503,
      retryAfter: 'Thu, 01 Jan 1970 00:00:09 GMT',
      date: 'Thu, 01 Jan 1970 00:00:00 GMT',
    } as const;
    expect(outcomeOf(answer, NO_LISTS, NOW)).toEqual({ kind: 'retryable', notBeforeMs: 9000 });
  });

  test('that is garbage leaves the answer plainly retryable', () => {
    expect(outcomeOf({ kind: 'response', status: 503, retryAfter: '-1' }, NO_LISTS, NOW)).toEqual({
      kind: 'retryable',
    });
  });

  test('does not rescue a rejected answer', () => {
    expect(outcomeOf({ kind: 'response', status: 422, retryAfter: '2' }, NO_LISTS, NOW)).toEqual({
      kind: 'rejected',
    });
  });
});

describe('the outcome without a status', () => {
  test.each<[ErrorCode, string]>([
    ['connection-refused', 'retryable'],
    ['connection-reset', 'retryable'],
    ['connection-failed', 'retryable'],
    ['name-not-resolved', 'retryable'],
    ['tls-failed', 'retryable'],
    ['timeout', 'retryable'],
    ['not-http', 'retryable'],
    ['response-too-large', 'retryable'],
    ['invalid-request', 'retryable'],
    ['target-blocked', 'target-blocked'],
    ['lease-lost', 'lease-lost'],
    ['released', 'released'],
  ])('%s is %s', (code, kind) => {
    expect(outcomeOf({ kind: 'error', code }, { retryOn: [], failOn: ['5xx'] }, NOW)).toEqual({ kind });
  });
});
