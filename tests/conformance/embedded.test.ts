import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { freePort } from './free-port.ts';
import { ENOUGH_MS, expectConformance, runConformance, SIGNING_SECRETS, SIGNED } from './run-conformance.ts';

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
    const main = fileURLToPath(new URL('../../packages/dispatchr/src/main.ts', import.meta.url));
    const service = [process.execPath, '--conditions=@dispatchr/source', main, 'serve', '--port', `${port}`];
    // The default grace of 25 s would be waited for by each check of a stop.
    const quick = ['--grace-period-ms', '3000', '--data-dir', join(folder, 'embedded')];
    const sut = [...service, ...quick, '--signing-secrets', SIGNING_SECRETS.join(',')];
    const url = `http://127.0.0.1:${port}`;
    expectConformance(await runConformance(url, folder, '--sut', sut.join(' '), ...SIGNED));
  },
);
