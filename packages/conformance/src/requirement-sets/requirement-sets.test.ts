import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { CHECKS } from '../checks/index.ts';
import type { CheckResult } from '../run/result.ts';
import { SPEC_VERSION } from '../spec/documents.ts';
import { REQUIREMENTS, textHashOf } from '../spec/requirements.ts';
import { againstSet, REQUIREMENT_SETS, requirementSetFor } from './requirement-sets.ts';

// Red? `node packages/conformance/scripts/write-requirement-set.mjs` writes the set of an unreleased version, and refuses
// for a released one: then a new version begins.
describe('the frozen sets of requirements', () => {
  it('have the version of the specification as the newest', () => {
    expect(REQUIREMENT_SETS.at(-1)?.specVersion).toBe(SPEC_VERSION);
  });

  it('hold every requirement of the specification, with its text', () => {
    const current = Object.fromEntries(REQUIREMENTS.map((each) => [each.id, textHashOf(each)]));
    expect(REQUIREMENT_SETS.at(-1)?.requirements).toEqual(current);
  });

  it('hold every check while the version is unreleased, and no check that is gone', () => {
    const ids = CHECKS.map(({ id }) => id);
    for (const { released, checks } of REQUIREMENT_SETS) {
      const gone = checks.filter((id) => !ids.includes(id));
      expect(gone).toEqual([]);
      if (!released) expect([...ids].toSorted()).toEqual(checks);
    }
  });
});

const check: Check = {
  id: 'new-check',
  title: 'New.',
  covers: { 'REC-001': 'x' },
  profile: 'recorder',
  run: () => Promise.resolve(),
};
const failed: CheckResult = { check, status: 'fail', durationMs: 1, warnings: [], timeline: [] };

describe('a verdict by a set', () => {
  const released = { specVersion: '1.0', released: true, requirements: {}, checks: ['old-check'] };

  it('warns of a check that a released version did not hold', () => {
    expect(againstSet(failed, released)).toMatchObject({
      status: 'warn',
      warnings: [expect.stringContaining('advisory until the next version')],
    });
  });

  it('leaves a check that it holds, and every check of a version that may still grow', () => {
    expect(againstSet(failed, { ...released, checks: ['new-check'] }).status).toBe('fail');
    expect(againstSet(failed, { ...released, released: false }).status).toBe('fail');
  });

  it('is by the newest set if no claimed version is known', () => {
    expect(requirementSetFor({ specVersions: ['0.1'] })).toBe(REQUIREMENT_SETS.at(-1));
  });
});
