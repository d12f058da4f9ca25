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

async function start(...words: string[]): Promise<ServiceProcess> {
  const process = await startServiceProcess(words, { DATABASE_URL: database.url });
  processes.push(process);
  return process;
}

/** Tasks of each scheduler: as many as the first can hold, so that it is known which are whose. */
const EACH = 10;

test('the ones that live take over what the killed ones held', { timeout: 120_000 }, async () => {
  const [recorder, spareRecorder] = await Promise.all([
    start('recorder', '--port', '0'),
    start('recorder', '--port', '0'),
  ]);
  const api = createApiClient(recorder.url);
  // The first delivery of each task hangs, the next is answered.
  const seen = new Set<unknown>();
  target.answer('/held', ({ headers }) => {
    const id = headers['dispatchr-task-id'];
    return seen.has(id) ? { status: 200 } : void seen.add(id);
  });
  const holdTasks = async (inAll: number) => {
    const task = { target: target.url('/held'), timeoutMs: 90_000 };
    const submitted = await Promise.all(Array.from({ length: EACH }, () => api.submit(task)));
    await target.received('/held', inAll);
    return submitted;
  };

  // One origin may have nine tenths of the slots: as many as fit, and no more.
  const scheduler = await start('scheduler', '--concurrency', String(Math.ceil(EACH / 0.9)));
  const lost = await holdTasks(EACH);
  await start('scheduler');
  const kept = await holdTasks(2 * EACH);
  await Promise.all([recorder.end('SIGKILL'), scheduler.end('SIGKILL')]);

  const spare = createApiClient(spareRecorder.url);
  const after = await spare.submit({ target: target.url('/after') });
  await spare.until(after.id, ['completed']);

  for (const { id } of lost) {
    expect(await spare.until(id, ['completed'], 60_000)).toMatchObject({ attempt: 2, attemptsUsed: 1 });
    expect((await spare.attempts(id))[0]).toMatchObject({ attempt: 1, outcome: 'lease-lost' });
  }
  for (const { id } of kept) expect(await spare.task(id)).toMatchObject({ state: 'running', attempt: 1 });
});
