import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, test } from 'vitest';
import { hasPython } from '../has-program.ts';
import { freePort } from './free-port.ts';
import { ENOUGH_MS, expectConformance, runConformance } from './run-conformance.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-conformance-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.skipIf(!hasPython())('the implementation in Python conforms', { timeout: ENOUGH_MS }, async () => {
  const port = await freePort();
  const program = fileURLToPath(new URL('../../examples/dispatchr-python/dispatchr.py', import.meta.url));
  const database = join(folder, 'tasks.sqlite');
  const sut = `python3 ${program} --port ${port} --database ${database}`;
  expectConformance(await runConformance(`http://127.0.0.1:${port}`, folder, '--sut', sut));
});
