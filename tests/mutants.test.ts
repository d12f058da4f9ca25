import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { HEALTHY, type MutantRun } from './planted-mutants/mutant-run.ts';
import { MUTANT_KINDS } from './planted-mutants/reliability-mutant.ts';
import { RELIABILITY_MUTANTS } from './planted-mutants/reliability.ts';

/**
 * The tests can fail: each fault that must not go unnoticed is planted into the sources, and a named test sees it.
 * One of them by itself: `node --conditions=@dispatchr/source tests/planted-mutants/run-mutants.ts ID`.
 */
const ENOUGH_MS = 300_000;
let runs: readonly MutantRun[];

test('each kind of fault is planted', () => {
  expect(new Set(RELIABILITY_MUTANTS.map(({ kind }) => kind))).toEqual(new Set(MUTANT_KINDS));
});

test('each fault has a name of its own', () => {
  expect(new Set(RELIABILITY_MUTANTS.map(({ id }) => id)).size).toBe(RELIABILITY_MUTANTS.length);
});

describe('with a fault planted', () => {
  beforeAll(async () => {
    runs = await runMutants();
  }, ENOUGH_MS);

  test.each(RELIABILITY_MUTANTS.map((mutant) => [mutant.kind, mutant.fault, mutant] as const))(
    '%s: %s',
    (_kind, _fault, { id, caughtBy }) => {
      const run = runs.find(({ project }) => project === id);
      expect(run).toMatchObject({ loadErrors: [], tests: [{ name: caughtBy.test, state: 'failed' }] });
      // And not by a crash or for want of time, which any slip of the planted text could cause.
      expect(run?.tests[0]?.errors).toContainEqual(expect.objectContaining({ name: 'AssertionError' }));
    },
  );

  test.each([...new Set(RELIABILITY_MUTANTS.map(({ caughtBy }) => caughtBy.file))])(
    'without any, the tests of %s that catch them pass',
    (file) => {
      const run = runs.find((candidate) => candidate.project === HEALTHY && candidate.file === file);
      const names = new Set(
        RELIABILITY_MUTANTS.filter(({ caughtBy }) => caughtBy.file === file).map(
          ({ caughtBy }) => caughtBy.test,
        ),
      );
      expect(run?.loadErrors).toEqual([]);
      expect(run?.tests.filter(({ state }) => state === 'failed')).toEqual([]);
      expect(new Set(run?.tests.map(({ name }) => name))).toEqual(names);
    },
  );
});

/** All of them run in a vitest of their own, so that this one's settings and plugins stay out of it. */
async function runMutants(): Promise<MutantRun[]> {
  const program = fileURLToPath(new URL('planted-mutants/run-mutants.ts', import.meta.url));
  const words = ['--conditions=@dispatchr/source', program];
  const options = { env: { PATH: process.env['PATH'] }, maxBuffer: 64 * 1024 * 1024 };
  const { stdout } = await promisify(execFile)(process.execPath, words, options);
  return JSON.parse(stdout) as MutantRun[];
}
