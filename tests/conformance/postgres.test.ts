import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTestDatabase, startServiceProcess } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ENOUGH_MS, runConformance, SIGNING_SECRETS, SIGNED } from './run-conformance.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('this implementation conforms on PostgreSQL', { timeout: ENOUGH_MS }, async () => {
  const database = await createTestDatabase();
  const options = ['--database-url', database.url, '--signing-secrets', SIGNING_SECRETS.join(',')];
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
