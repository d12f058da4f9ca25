import type { ErrorCode } from '@dispatchr/contract';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Answer, Outcome } from './outcome.ts';
import { healthSignOf, holdOf, probePauseMs, returnAllowance } from './target-health.ts';

const answered = (status: number): Answer => ({ kind: 'response', status });
const retryable = (notBeforeMs: number): Outcome => ({ kind: 'retryable', notBeforeMs });

test.each([502, 503, 504])('%d counts towards a circuit', (status) => {
  expect(healthSignOf(answered(status))).toBe('failure');
});

test.each([200, 204, 302, 400, 404, 422, 429, 500, 501, 505, 599])('%d ends a row of failures', (status) => {
  expect(healthSignOf(answered(status))).toBe('answer');
});

test.each([
  ['connection-refused', 'failure'],
  ['connection-reset', 'failure'],
  ['connection-failed', 'failure'],
  ['name-not-resolved', 'failure'],
  ['tls-failed', 'failure'],
  ['timeout', 'failure'],
  ['not-http', 'answer'],
  ['response-too-large', 'answer'],
  ['target-blocked', 'nothing'],
  ['invalid-request', 'nothing'],
  ['lease-lost', 'nothing'],
  ['released', 'nothing'],
] as [ErrorCode, string][])('%s is a sign of %s', (code, sign) => {
  expect(healthSignOf({ kind: 'error', code })).toBe(sign);
});

test.each([
  [429, retryable(5000), { what: 'url', holdMs: 5000 }],
  [503, retryable(5000), { what: 'origin', holdMs: 5000 }],
  [500, retryable(5000), undefined],
  [503, retryable(0), undefined],
  [503, { kind: 'retryable' }, undefined],
  [503, { kind: 'rejected' }, undefined],
] as [number, Outcome, unknown][])('%d with the outcome %o holds back %o', (status, outcome, hold) => {
  expect(holdOf(answered(status), outcome, () => 0)).toEqual(hold);
});

test('a hold-back is never shorter than asked for, at most a tenth longer, and at most 10 s longer', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 3_600_000 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (ms, chance) => {
        const holdMs = holdOf(answered(503), retryable(ms), () => chance)?.holdMs ?? 0;
        expect(holdMs).toBeGreaterThanOrEqual(ms);
        expect(holdMs).toBeLessThanOrEqual(Math.min(ms * 1.1, ms + 10_000) + 1);
      },
    ),
  );
});

test('probes are a second apart, then two, four, … and at most 30', () => {
  expect([0, 1, 2, 3, 4, 5, 2000].map(probePauseMs)).toEqual([
    1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
});

test('deliveries return one at a time, then two, four, … and after ten seconds without a limit', () => {
  expect([-5, 0, 999, 1000, 2000, 9999, 10_000].map(returnAllowance)).toEqual([1, 1, 1, 2, 4, 512, Infinity]);
});
