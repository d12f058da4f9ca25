// Runs the test that is meant for each mutant with that mutant planted, and all of them without any; prints JSON.
// Usage: node --conditions=@dispatchr/source tests/planted-mutants/run-mutants.ts [ID…]
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVitest, type TestModule, type Vitest } from 'vitest/node';
import { HEALTHY, type MutantRun } from './mutant-run.ts';
import { RELIABILITY_MUTANTS } from './reliability.ts';
import type { CatchingTest, ReliabilityMutant } from './reliability-mutant.ts';
import { plantPlugin } from './vitest-plant.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = { conditions: ['@dispatchr/source'] };

const only = process.argv.slice(2);
const mutants = RELIABILITY_MUTANTS.filter(({ id }) => only.length === 0 || only.includes(id));
if (mutants.length === 0) throw new Error(`expected the ids of mutants, got ${only.join(' ')}`);

const runner = await startVitest();
try {
  const { testModules } = await runner.runTestSpecifications(specifications(runner), true);
  process.stdout.write(`${JSON.stringify(testModules.map(runOf))}\n`);
  // Failed tests are the point; vitest would have it otherwise.
  process.exitCode = 0;
} finally {
  await runner.close();
}

/** One vitest with a project for each mutant: what it starts for all, PostgreSQL above all, is started once. */
function startVitest(): Promise<Vitest> {
  const options = {
    root: ROOT,
    config: false as const,
    watch: false,
    run: true,
    reporters: [],
    maxWorkers: 3,
    // What it keeps of a file does not depend on what was planted there: an old plant would count, or none.
    fsModuleCache: false,
  };
  const project = (name: string, plugins: ReturnType<typeof plantPlugin>[]) => ({
    resolve: SOURCES,
    ssr: { resolve: SOURCES },
    plugins,
    test: {
      name,
      root: ROOT,
      testTimeout: 90_000,
      hookTimeout: 60_000,
      expect: { poll: { timeout: 10_000 } },
    },
  });
  return createVitest(options, {
    resolve: SOURCES,
    ssr: { resolve: SOURCES },
    environments: { __vitest__: { resolve: SOURCES } },
    test: {
      globalSetup: ['packages/testkit/src/vitest-global-setup.ts'],
      projects: [
        project(HEALTHY, []),
        ...mutants.map((mutant) => project(mutant.id, [plantPlugin(mutant, ROOT)])),
      ],
    },
  });
}

function specifications(vitest: Vitest) {
  const projectOf = (name: string) => {
    const project = vitest.projects.find((candidate) => candidate.name === name);
    if (project === undefined) throw new Error(`expected a project ${name}, got none`);
    return project;
  };
  const specification = (name: string, file: string, tests: readonly string[]) =>
    projectOf(name).createSpecification(join(ROOT, file), { testNames: [...tests] });
  return [
    ...testsByFile(mutants).map(([file, tests]) => specification(HEALTHY, file, tests)),
    ...mutants.map(({ id, caughtBy: { file, test } }) => specification(id, file, [test])),
  ];
}

function testsByFile(planted: readonly ReliabilityMutant[]): [file: string, tests: string[]][] {
  const files = Map.groupBy(
    planted.map(({ caughtBy }): CatchingTest => caughtBy),
    ({ file }) => file,
  );
  return [...files].map(([file, tests]) => [file, tests.map(({ test }) => test)]);
}

function runOf(module: TestModule): MutantRun {
  return {
    project: module.project.name,
    file: module.relativeModuleId,
    loadErrors: module.errors().map(({ message }) => message),
    tests: [...module.children.allTests()].flatMap((test) => {
      const { state, errors } = test.result();
      if (state === 'skipped' || state === 'pending') return [];
      return [
        {
          name: test.fullName,
          state,
          errors: (errors ?? []).map((error) => ({ name: error.name, message: error.message })),
        },
      ];
    }),
  };
}
