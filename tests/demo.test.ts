import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../demo/main.ts', import.meta.url));

/** The demo's temporary files go here, so that what it leaves behind is seen. */
let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dispatchr-demo-test-'))));
afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function startDemo(words: readonly string[] = [], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, ['--conditions=@dispatchr/source', MAIN, ...words], {
    env: { PATH: process.env['PATH'], TMPDIR: folder, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function runDemo(words: readonly string[] = [], environment: Record<string, string> = {}) {
  const child = startDemo(words, environment);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code: child.exitCode, stdout, stderr };
}

test('each task ends as it should, and nothing is left behind', { timeout: 120_000 }, async () => {
  const { code, stdout, stderr } = await runDemo();
  expect(stdout).toMatch(/^send-receipt +completed, 1 attempt +completed, 1 attempt +as expected$/m);
  expect(stdout).toMatch(/^charge-card +failed \(rejected\), 1 attempt +failed \(rejected\), 1 attempt /m);
  expect(stdout).toMatch(/^sync-stock +completed, 3 attempts, .*as expected$/m);
  expect(stdout).toMatch(/^resize-image +failed \(exhausted\), 2 attempts .*as expected$/m);
  expect(stdout).toMatch(/^send-newsletter +cancelled, 0 attempts +cancelled, 0 attempts +as expected$/m);
  expect(stdout.match(/ as expected$/gm)).toHaveLength(8);
  expect(stdout).toMatch(
    /^\d\d:\d\d\.\d  sync-stock +attempt 1 got 503 after [\d.]+ m?s; next try in 500 ms$/m,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(readdirSync(folder)).toEqual([]);
});

test('a task that ends otherwise is shown, and the demo fails', { timeout: 120_000 }, async () => {
  const { code, stdout } = await runDemo([], { DEMO_TEST_PLANTS_WRONG_EXPECTATION: '1' });
  expect(stdout).toMatch(/^send-receipt +cancelled, 1 attempt +completed, 1 attempt +NOT as expected$/m);
  expect(stdout.match(/ as expected$/gm)).toHaveLength(8);
  expect(code).toBe(1);
});

test('Ctrl-C ends it, with the service and the folder', { timeout: 120_000 }, async () => {
  const child = startDemo();
  // It takes two seconds from here on.
  await new Promise<void>((resolve) => {
    let printed = '';
    child.stdout.on('data', (chunk) => (printed += String(chunk)).includes('send-reminder') && resolve());
  });
  child.kill('SIGINT');
  await once(child, 'exit');
  expect(child.exitCode).toBe(130);
  expect(readdirSync(folder)).toEqual([]);
});

test('it explains itself, and refuses what it does not know', async () => {
  expect(await runDemo(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('npm run demo'),
  });
  const unknown = await runDemo(['--hlep']);
  expect(unknown).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining("'--hlep'") });
});
