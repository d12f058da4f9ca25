import { describe, expect, it } from 'vitest';
import type { JobFinding, JobResult } from './job.ts';
import { judgeGreen, judgeMutant } from './judge-job.ts';

const mutant = { id: 'redirect-followed', fault: 'Follows.', check: 'designated', collateral: ['other-*'] };
const finding = (check: string, status: JobFinding['status'] = 'fail'): JobFinding => ({
  check,
  status,
  what: 'x',
});
const resultOf = (...findings: JobFinding[]): JobResult => ({
  durationMs: 1,
  passed: 1,
  findings,
  unrun: [],
});

describe('the verdict on a mutant', () => {
  it.each([
    ['killed', [finding('designated')]],
    ['killed', [finding('designated', 'warn')]],
    ['killed', [finding('designated'), finding('other-one')]],
    ['survived', []],
    ['survived', [finding('other-one')]],
    ['undeclared', [finding('designated'), finding('stranger')]],
    ['suite-fault', [finding('designated', 'harness-error')]],
    ['suite-fault', [finding('designated'), finding('other-one', 'harness-error')]],
  ])('is %s by %j', (verdict, findings) => {
    expect(judgeMutant(mutant, resultOf(...findings), []).verdict).toBe(verdict);
  });

  it('leaves out what is red without it', () => {
    expect(
      judgeMutant(mutant, resultOf(finding('designated'), finding('stranger')), ['stranger']).verdict,
    ).toBe('killed');
  });

  it('says why the check that is meant for it was not run', () => {
    const unrun = [{ check: 'designated', status: 'not-applicable', what: 'no batch' } as const];
    const { complaints } = judgeMutant(mutant, { ...resultOf(), unrun }, []);
    expect(complaints).toEqual(['expected designated to fail, but it was not-applicable: no batch']);
  });

  it('is open while no check is meant for it, and a fault of the suite if the run ended early', () => {
    expect(judgeMutant({ ...mutant, check: '' }, resultOf(), []).verdict).toBe('unassigned');
    expect(judgeMutant(mutant, { ...resultOf(), crash: 'x' }, []).verdict).toBe('suite-fault');
  });
});

it('a benign variant is green only if nothing is red', () => {
  const row = { id: 'slow', kind: 'variant', sentence: 'Slow.' } as const;
  expect(judgeGreen(row, resultOf(), []).verdict).toBe('green');
  expect(judgeGreen(row, resultOf(finding('designated')), []).verdict).toBe('red');
});
