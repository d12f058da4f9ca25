import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { isWhole, selectChecks } from './select-checks.ts';

const checkOf = (id: string, requirement: string, members: Partial<Check> = {}): Check => ({
  id,
  title: `${id}.`,
  covers: { [requirement]: 'hash' },
  profile: 'core',
  run: () => Promise.resolve(),
  ...members,
});
const checks = [
  checkOf('submit-answers', 'REC-001'),
  checkOf('batch-answers', 'REC-002', { features: ['batch'] }),
  checkOf('batch-is-refused', 'FEA-001', { withoutFeature: 'batch' }),
];
const nothing = { only: [], skip: [], features: [] };

describe('the selection of checks', () => {
  it('is everything without an option', () => {
    expect(selectChecks(checks, nothing)).toEqual(checks);
    expect(isWhole(nothing)).toBe(true);
  });

  it('takes globs on ids of checks and of requirements, in any case', () => {
    expect(selectChecks(checks, { ...nothing, only: ['*-answers'] }).map(({ id }) => id)).toEqual([
      'submit-answers',
      'batch-answers',
    ]);
    expect(selectChecks(checks, { ...nothing, only: ['rec-00?'] })).toHaveLength(2);
    expect(isWhole({ ...nothing, only: ['*'] })).toBe(false);
  });

  it('leaves out what --skip names, whatever --only says', () => {
    expect(selectChecks(checks, { ...nothing, only: ['REC-*'], skip: ['batch-*'] })).toEqual([checks[0]]);
  });

  it('takes the checks of a feature and of its absence', () => {
    expect(selectChecks(checks, { ...nothing, features: ['batch'] })).toEqual(checks.slice(1));
    expect(() => selectChecks(checks, { ...nothing, features: ['bath'] })).toThrow(/expected one of batch/);
  });

  it('refuses a pattern that matches nothing, and names what is near', () => {
    expect(() => selectChecks(checks, { ...nothing, only: ['submit-answer-201'] })).toThrow(
      /--only submit-answer-201 matches no check.*did you mean submit-answers/,
    );
    expect(() => selectChecks(checks, { ...nothing, skip: ['REC-003'] })).toThrow(/--skip.*REC-00[12]/);
  });

  it('refuses to be empty', () => {
    expect(() => selectChecks(checks, { ...nothing, skip: ['*'] })).toThrow(/leave no check/);
  });

  it('takes a point of a glob for a point, and not for any character', () => {
    expect(() => selectChecks(checks, { ...nothing, only: ['submit.answers'] })).toThrow(/matches no check/);
  });
});
