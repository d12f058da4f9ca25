import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase, startServiceProcess } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ConformanceRun, runConformance } from './run-conformance.ts';

/** What the conformance suite says of whole implementations, each started as a user would start it. */
const SECRETS = ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwMfKQ9r8GKYqr', `whsec_${'c2VjcmV0'.repeat(4)}`];
const SIGNED = SECRETS.flatMap((secret) => ['--signing-secret', secret]);
const ENOUGH_MS = 600_000;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test(
  'this implementation conforms on its embedded database, kills included',
  { timeout: ENOUGH_MS },
  async () => {
    const port = await freePort();
    const main = fileURLToPath(new URL('../packages/dispatchr/src/main.ts', import.meta.url));
    const service = [process.execPath, '--conditions=@dispatchr/source', main, 'serve', '--port', `${port}`];
    // The default grace of 25 s would be waited for by each check of a stop.
    const quick = ['--grace-period-ms', '3000', '--data-dir', join(folder, 'embedded')];
    const sut = [...service, ...quick, '--signing-secrets', SECRETS.join(',')];
    const url = `http://127.0.0.1:${port}`;
    expectConformance(await runConformance(url, folder, '--sut', sut.join(' '), ...SIGNED));
  },
);

test('this implementation conforms on PostgreSQL', { timeout: ENOUGH_MS }, async () => {
  const database = await createTestDatabase();
  const options = ['--database-url', database.url, '--signing-secrets', SECRETS.join(',')];
  const service = await startServiceProcess(['serve', '--port', '0', ...options]);
  try {
    const { exitCode, output } = await runConformance(service.url, folder, ...SIGNED);
    expect(exitCode, output).toBe(0);
    // Without --sut the run is incomplete, and claims no more than that it found nothing.
    expect(output).toContain('nothing that ran found a violation');
  } finally {
    await service.end('SIGTERM');
  }
  await database.drop();
});

test.skipIf(!hasPython())('the implementation in Python conforms', { timeout: ENOUGH_MS }, async () => {
  const port = await freePort();
  const program = fileURLToPath(new URL('../examples/dispatchr-python/dispatchr.py', import.meta.url));
  const database = join(folder, 'tasks.sqlite');
  const sut = `python3 ${program} --port ${port} --database ${database}`;
  expectConformance(await runConformance(`http://127.0.0.1:${port}`, folder, '--sut', sut));
});

function expectConformance({ exitCode, output }: ConformanceRun): void {
  expect(exitCode, output).toBe(0);
  expect(output).toContain('conforms');
}

function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0;
}

/** The port is told to the suite before anybody listens on it. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
