import { expect, it } from 'vitest';
import { exitCodeOf } from './exit-codes.ts';
import type { Status } from './result.ts';

const codeOf = (...statuses: Status[]): number =>
  exitCodeOf(
    statuses.map((status) => ({ status })),
    false,
  );

it('is 0 while nothing is violated', () => {
  expect(codeOf('pass', 'warn', 'not-applicable', 'not-exercised', 'expected-fail', 'blocked')).toBe(0);
});

it('is 1 for a violation and for a stale baseline, whatever else went wrong', () => {
  expect(codeOf('pass', 'fail', 'harness-error')).toBe(1);
  expect(codeOf('unexpected-pass')).toBe(1);
});

it('is 4 for a fault of the suite', () => {
  expect(codeOf('pass', 'harness-error')).toBe(4);
});

it('is 130 for an interrupted run, whatever it found', () => {
  expect(exitCodeOf([{ status: 'fail' }], true)).toBe(130);
});
