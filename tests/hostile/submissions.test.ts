import {
  createTestDatabase,
  type ScriptedTarget,
  type ServiceProcess,
  startScriptedTarget,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HealthyTraffic, startHealthyTraffic } from './healthy-traffic.ts';
import { MISBEHAVING_SUBMISSIONS, ODD_ARGUMENTS } from './misbehaving-submissions.ts';

/** Submissions that misbehave, to a whole service on PostgreSQL, while others submit. */
let database: TestDatabase;
let service: ServiceProcess;
let target: ScriptedTarget;
let healthy: HealthyTraffic;
beforeAll(async () => {
  [database, target] = await Promise.all([createTestDatabase(), startScriptedTarget()]);
  service = await startServiceProcess(['serve', '--port', '0'], { DATABASE_URL: database.url });
  healthy = await startHealthyTraffic(service.url);
});
afterAll(async () => {
  await healthy.stop();
  await service.end('SIGKILL');
  await target.close();
  await database.drop();
});

const post = (path: string, body: string | Buffer, contentType = 'application/json') =>
  fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body as string,
  });

describe.each([
  ['a task', '/v1/tasks', (body: string | Buffer) => body],
  ['a task of a batch', '/v1/tasks/batch', inBatch],
])('%s with', (_name, path, wrap) => {
  test.each(MISBEHAVING_SUBMISSIONS)('$name is refused by a problem', async (submission) => {
    const response = await post(path, wrap(submission.body), submission.contentType);
    expect(response.status).toBe(submission.status);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json\b/);
    expect(await response.json()).toMatchObject({
      type: `urn:dispatchr:problem:${submission.problem}`,
      status: submission.status,
    });
  });
});

test.each(ODD_ARGUMENTS)('the arguments %j are shown and delivered unchanged', async (taskArgs) => {
  const path = `/odd/${ODD_ARGUMENTS.indexOf(taskArgs)}`;
  const submission = `{"target":"${target.url(path)}","taskName":"n","taskArgs":${taskArgs}}`;
  const response = await post('/v1/tasks', submission);
  expect(response.status).toBe(201);
  const shown = await fetch(`${service.url}${response.headers.get('location')}`);
  expect(await shown.text()).toContain(`"taskArgs":${taskArgs}`);
  const { body } = await target.received(path);
  expect(body.toString()).toBe(`{"taskName":"n","taskArgs":${taskArgs}}`);
});

test('healthy tasks completed beside all that', async () => {
  const before = healthy.completed.length;
  await expect.poll(() => healthy.completed.length, { timeout: 10_000 }).toBeGreaterThan(before);
});

/** The same task as the only one of a batch; the bytes stay as they are. */
function inBatch(body: string | Buffer): Buffer {
  return Buffer.concat([Buffer.from('{"tasks":['), Buffer.from(body), Buffer.from(']}')]);
}
