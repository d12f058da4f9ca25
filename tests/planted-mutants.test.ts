import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startServiceProcess } from '@dispatchr/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { hasPython } from './has-program.ts';
import { OUR_MUTANTS } from './planted-mutants/ours.ts';
import { planted, type PlantedMutant } from './planted-mutants/planted-mutant.ts';
import { PYTHON_MUTANTS } from './planted-mutants/python.ts';
import { runConformance } from './conformance/run-conformance.ts';

/** The conformance suite catches faults in real implementations, not only in its own reference. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr';
const ENOUGH_MS = 120_000;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-mutant-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a fault in this implementation is caught', () => {
  test.each(OUR_MUTANTS)('$id: $fault', { timeout: ENOUGH_MS }, async (mutant) => {
    const plant = new URL('planted-mutants/plant.ts', import.meta.url).href;
    const service = await startServiceProcess(
      ['serve', '--port', '0', '--data-dir', join(folder, 'data'), '--signing-secrets', SECRET],
      { NODE_OPTIONS: `--import ${plant}`, DISPATCHR_TEST_MUTANT: JSON.stringify(mutant) },
    );
    try {
      await expectCaught(service.url, mutant);
    } finally {
      await service.end('SIGKILL');
    }
  });
});

describe.skipIf(!hasPython())('a fault in the implementation in Python is caught', () => {
  test.each(PYTHON_MUTANTS)('$id: $fault', { timeout: ENOUGH_MS }, async (mutant) => {
    const { child, url } = await startMutatedPython(mutant);
    try {
      await expectCaught(url, mutant);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });
});

/** The checks of the requirement run alone: one of them fails, and for that reason. */
async function expectCaught(url: string, { requirement }: PlantedMutant): Promise<void> {
  const run = await runConformance(url, folder, '--only', requirement, '--signing-secret', SECRET);
  expect(run.exitCode, run.output).toBe(1);
  const failed = run.report?.checks.filter(({ status }) => status === 'fail') ?? [];
  expect(failed.flatMap(({ requirements }) => requirements)).toContain(requirement);
}

async function startMutatedPython(mutant: PlantedMutant): Promise<{ child: ChildProcess; url: string }> {
  const original = fileURLToPath(new URL(`../${mutant.file}`, import.meta.url));
  const program = join(folder, 'mutant.py');
  // It serves the specification's own documents, which it finds from where it lies.
  const source = planted(readFileSync(original, 'utf8'), mutant).replace(
    '__file__',
    JSON.stringify(original),
  );
  writeFileSync(program, source);
  const words = ['-u', program, '--port', '0', '--database', join(folder, 'tasks.sqlite')];
  const child = spawn('python3', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /listening on (http:\S+)/.exec(line)?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error('expected the mutant to say where it listens, got the end of its output');
}
