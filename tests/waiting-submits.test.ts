import {
  createTestDatabase,
  type ScriptedTarget,
  type ServiceProcess,
  startScriptedTarget,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** `Prefer: wait` where the recorder and the scheduler are different processes. */
let database: TestDatabase;
let target: ScriptedTarget;
let recorder: ServiceProcess;
let scheduler: ServiceProcess;
beforeAll(async () => {
  [database, target] = await Promise.all([createTestDatabase(), startScriptedTarget()]);
  const environment = { DATABASE_URL: database.url };
  [recorder, scheduler] = await Promise.all([
    startServiceProcess(['recorder', '--port', '0'], environment),
    startServiceProcess(['scheduler'], environment),
  ]);
});
afterAll(async () => {
  await Promise.all([recorder.end('SIGTERM'), scheduler.end('SIGTERM')]);
  await target.close();
  await database.drop();
});

async function submitWaiting(task: object): Promise<{ status: number; task: Record<string, unknown> }> {
  const response = await fetch(`${recorder.url}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', prefer: 'wait=60' },
    body: JSON.stringify({ taskName: 'n', ...task }),
  });
  return { status: response.status, task: (await response.json()) as Record<string, unknown> };
}

test('a submit that waits hears how the other process ended its task', async () => {
  target.answer('/fine', { status: 200 });
  target.answer('/not-so', { status: 422 });
  expect(await submitWaiting({ target: target.url('/fine') })).toMatchObject({
    status: 201,
    task: { state: 'completed', attempt: 1 },
  });
  expect(await submitWaiting({ target: target.url('/not-so') })).toMatchObject({
    status: 201,
    task: { state: 'failed', reason: 'rejected' },
  });
});

test('many waiting submits each hear of their own task', async () => {
  target.answer('/many', { status: 200 });
  const ids = Array.from({ length: 200 }, (_, index) => `waiting-${index}`);
  const answers = await Promise.all(ids.map((id) => submitWaiting({ id, target: target.url('/many') })));
  expect(answers.map(({ task }) => [task['id'], task['state']])).toEqual(ids.map((id) => [id, 'completed']));
});

test('a recorder that is stopped answers those who wait with the task as it is', async () => {
  const answer = submitWaiting({ id: 'of-tomorrow', target: target.url('/fine'), delayMs: 86_400_000 });
  await expect.poll(async () => (await fetch(`${recorder.url}/v1/tasks/of-tomorrow`)).status).toBe(200);
  expect(await recorder.end('SIGTERM')).toEqual([0, null]);
  expect(await answer).toMatchObject({ status: 201, task: { id: 'of-tomorrow', state: 'pending' } });
});
