import {
  createApiClient,
  createTestDatabase,
  type ScriptedTarget,
  type ServiceProcess,
  startScriptedTarget,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** Two recorders and two schedulers on one PostgreSQL, of which one of each is killed. */
let database: TestDatabase;
let target: ScriptedTarget;
const processes: ServiceProcess[] = [];
beforeAll(async () => {
  [database, target] = await Promise.all([createTestDatabase(), startScriptedTarget()]);
});
afterAll(async () => {
  await Promise.all(processes.map((process) => process.end('SIGKILL')));
  await target.close();
  await database.drop();
});

async function start(role: 'recorder' | 'scheduler'): Promise<ServiceProcess> {
  const words = role === 'recorder' ? [role, '--port', '0'] : [role, '--concurrency', '20'];
  const process = await startServiceProcess(words, { DATABASE_URL: database.url });
  processes.push(process);
  return process;
}

test('the ones that live take over what the killed ones held', { timeout: 120_000 }, async () => {
  const [recorder, spareRecorder] = await Promise.all([start('recorder'), start('recorder')]);
  const [scheduler] = await Promise.all([start('scheduler'), start('scheduler')]);
  const api = createApiClient(recorder.url);

  // The first delivery of each task hangs, so that both schedulers hold some when one is killed.
  const seen = new Set<unknown>();
  target.answer('/held', ({ headers }) => {
    const id = headers['dispatchr-task-id'];
    return seen.has(id) ? { status: 200 } : void seen.add(id);
  });
  const task = { target: target.url('/held'), timeoutMs: 90_000 };
  const held = await Promise.all(Array.from({ length: 20 }, () => api.submit(task)));
  await target.received('/held', held.length);
  await Promise.all([recorder.end('SIGKILL'), scheduler.end('SIGKILL')]);

  const spare = createApiClient(spareRecorder.url);
  const after = await spare.submit({ target: target.url('/after') });
  await spare.until(after.id, ['completed']);

  const schedulerId = String(scheduler.log.at(-1)?.['schedulerId']);
  const lost = await waitForLost(
    spare,
    held.map(({ id }) => id),
  );
  expect(lost.length).toBeGreaterThan(0);
  for (const { id, attempts } of lost) {
    expect(attempts[0]).toMatchObject({ outcome: 'lease-lost', scheduler: schedulerId });
    expect(await spare.until(id, ['completed'])).toMatchObject({ attempt: 2, attemptsUsed: 1 });
  }
});

type Api = ReturnType<typeof createApiClient>;

/** Waits for the sweep; what the living scheduler holds goes on and has no ended attempt yet. */
async function waitForLost(api: Api, ids: readonly string[]) {
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const all = await Promise.all(ids.map(async (id) => ({ id, attempts: await api.attempts(id) })));
    const lost = all.filter(({ attempts }) => attempts.length > 0);
    if (lost.length > 0 || performance.now() > giveUpAt) return lost;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}
