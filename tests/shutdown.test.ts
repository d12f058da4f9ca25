import {
  createApiClient,
  createTestDatabase,
  type ScriptedTarget,
  startScriptedTarget,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What SIGTERM does to a loaded service on PostgreSQL. */
let database: TestDatabase;
let target: ScriptedTarget;
beforeAll(async () => {
  [database, target] = await Promise.all([createTestDatabase(), startScriptedTarget()]);
});
afterAll(async () => {
  await target.close();
  await database.drop();
});

const GRACE_MS = 1000;
const EACH = 20;

test('SIGTERM lets quick deliveries end and gives slow ones back at no cost to their budget', async () => {
  const environment = { DATABASE_URL: database.url };
  const service = await startServiceProcess(
    ['serve', '--port', '0', '--grace-period-ms', String(GRACE_MS)],
    environment,
  );
  const api = createApiClient(service.url);
  target.answer('/quick', { status: 200, delayMs: GRACE_MS / 4 });
  target.answer('/slow', { status: 200, delayMs: GRACE_MS * 20 });
  const submit = (path: string) =>
    Promise.all(Array.from({ length: EACH }, () => api.submit({ target: target.url(path) })));
  const [slow, quick] = [await submit('/slow'), await submit('/quick')];
  await Promise.all([target.received('/slow', EACH), target.received('/quick', EACH)]);

  expect(await service.end('SIGTERM')).toEqual([0, null]);

  const recorder = await startServiceProcess(['recorder', '--port', '0'], environment);
  const after = createApiClient(recorder.url);
  for (const { id } of slow) {
    expect(await after.task(id)).toMatchObject({ state: 'pending', attempt: 1, attemptsUsed: 0 });
    expect(await after.attempts(id)).toMatchObject([{ attempt: 1, outcome: 'released' }]);
  }
  for (const { id } of quick) {
    expect(await after.task(id)).toMatchObject({ state: 'completed' });
    expect(await after.attempts(id)).toMatchObject([{ attempt: 1, outcome: 'completed' }]);
  }
  await recorder.end('SIGTERM');
});
