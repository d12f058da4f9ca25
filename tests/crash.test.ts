import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createApiClient,
  type ScriptedTarget,
  type ServiceProcess,
  startScriptedTarget,
  startServiceProcess,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What a killed process leaves behind on the embedded database. */
let folder: string;
let target: ScriptedTarget;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-crash-'));
  target = await startScriptedTarget();
});
afterAll(async () => {
  await target.close();
  rmSync(folder, { recursive: true, force: true });
});

const start = (): Promise<ServiceProcess> =>
  startServiceProcess(['serve', '--port', '0', '--data-dir', folder]);

test('what was in flight when the service was killed is delivered again after a restart', async () => {
  target.answer('/in-flight', 'hang', { status: 200 });
  const first = await start();
  const { id } = await createApiClient(first.url).submit({ target: target.url('/in-flight') });
  await target.received('/in-flight');
  await first.end('SIGKILL');

  const second = await start();
  const api = createApiClient(second.url);
  expect(await api.until(id, ['completed'])).toMatchObject({ attempt: 2, attemptsUsed: 1 });
  expect(await api.attempts(id)).toMatchObject([
    { attempt: 1, outcome: 'lease-lost' },
    { attempt: 2, outcome: 'completed' },
  ]);
  await second.end('SIGTERM');
});

/** How often the service is killed; `DISPATCHR_TEST_KILLS=10` is the figure of the project's promise. */
const KILLS = Number(process.env['DISPATCHR_TEST_KILLS'] ?? 3);

test(
  `nothing that was acknowledged is missing after ${KILLS} kills under load`,
  { timeout: 300_000 },
  async () => {
    const acknowledged: string[] = [];
    for (let kill = 1; kill <= KILLS; kill += 1) {
      const service = await start();
      const enough = acknowledged.length + 150;
      const producers = Array.from({ length: 8 }, () => produce(service.url, acknowledged));
      while (acknowledged.length < enough) await new Promise((resolve) => setImmediate(resolve));
      await service.end('SIGKILL');
      await Promise.all(producers);
    }
    const last = await start();
    const api = createApiClient(last.url);
    for (const id of acknowledged) await api.until(id, ['completed'], 60_000);
    const delivered = new Set(target.requests.map(({ headers }) => headers['dispatchr-task-id']));
    expect(acknowledged.filter((id) => !delivered.has(id))).toEqual([]);
    await last.end('SIGTERM');
  },
);

/** Submits one task after the other until the service is gone, and notes each that was acknowledged. */
async function produce(url: string, acknowledged: string[]): Promise<void> {
  const api = createApiClient(url);
  for (;;) {
    try {
      acknowledged.push((await api.submit({ target: target.url('/load') })).id);
    } catch {
      return;
    }
  }
}
