import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import type { CheckResult, Status } from './result.ts';
import { runChecks, type RunChecksOptions } from './run-checks.ts';

const checkOf = (id: string, members: Partial<Check> = {}): Check => ({
  id,
  title: '',
  covers: {},
  profile: 'core',
  run: () => Promise.resolve(),
  ...members,
});

const resultOf = (check: Check, status: Status): CheckResult => ({
  check,
  status,
  durationMs: 0,
  warnings: [],
  timeline: [],
});

async function ran(checks: readonly Check[], options: Partial<RunChecksOptions> = {}): Promise<string[]> {
  const results = await runChecks(checks, {
    concurrency: 2,
    quietMs: 1,
    runOne: (check) => Promise.resolve(resultOf(check, check.id.startsWith('bad') ? 'fail' : 'pass')),
    verdictOn: (result) => result,
    onResult: () => undefined,
    ...options,
  });
  return results.map(({ check, status }) => `${check.id} ${status}`);
}

describe('a run of checks', () => {
  it('takes those that stand alone after the others, and those that judge the run last', async () => {
    const checks = [checkOf('c', { runs: 'last' }), checkOf('b', { runs: 'alone' }), checkOf('a')];
    expect(await ran(checks)).toEqual(['a pass', 'b pass', 'c pass']);
  });

  it('blocks a check whose prerequisite did not pass', async () => {
    const checks = [checkOf('later', { after: ['bad'] }), checkOf('bad')];
    expect(await ran(checks)).toEqual(['bad fail', 'later blocked']);
  });

  it('does not wait for a prerequisite that was not selected', async () => {
    expect(await ran([checkOf('later', { after: ['absent'] })])).toEqual(['later pass']);
  });

  it('starts no more once it is enough', async () => {
    const checks = [checkOf('bad'), checkOf('other')];
    const found = await ran(checks, { concurrency: 1, isEnough: ({ status }) => status === 'fail' });
    expect(found).toEqual(['bad fail']);
  });

  it('ends at once when it is aborted, without the checks that are not over', async () => {
    const controller = new AbortController();
    const runOne: RunChecksOptions['runOne'] = (check) => {
      if (check.id === 'quick') return Promise.resolve(resultOf(check, 'pass'));
      controller.abort();
      return new Promise(() => undefined);
    };
    const checks = [checkOf('quick'), checkOf('endless'), checkOf('never')];
    expect(await ran(checks, { concurrency: 1, runOne, signal: controller.signal })).toEqual(['quick pass']);
  });

  it('lets a check that waits for quiet leave its place to others', async () => {
    const runOne: RunChecksOptions['runOne'] = async (check, quiet) => {
      if (check.id === 'quiet') await quiet();
      return resultOf(check, 'pass');
    };
    const checks = [checkOf('quiet'), checkOf('other')];
    expect(await ran(checks, { concurrency: 1, runOne })).toEqual(['other pass', 'quiet pass']);
  });

  it('judges by what the verdict makes of a result', async () => {
    const verdictOn: RunChecksOptions['verdictOn'] = (result) => ({ ...result, status: 'expected-fail' });
    expect(await ran([checkOf('bad')], { verdictOn })).toEqual(['bad expected-fail']);
  });
});
