import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt } from '@dispatchr/contract';
import {
  type ApiClient,
  createApiClient,
  type ScriptedTarget,
  startScriptedTarget,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** An implementation of the specification that runs. */
export interface RunningImplementation {
  readonly url: string;
  end(): Promise<unknown>;
}

/**
 * How a target's answer decides, from a POST to the end of the task: what any implementation must do.
 *
 * @param start - starts the implementation with an empty folder for its data.
 */
// oxlint-disable-next-line max-lines-per-function -- a list of tests, each of which is short
export function itDecidesByTheAnswer(start: (folder: string) => Promise<RunningImplementation>): void {
  let folder: string;
  let service: RunningImplementation;
  let api: ApiClient;
  let target: ScriptedTarget;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dispatchr-answers-'));
    target = await startScriptedTarget();
    service = await start(folder);
    api = createApiClient(service.url);
  });
  afterAll(async () => {
    await service.end();
    await target.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function deliver(path: string, retry: object = QUICK) {
    const { id } = await api.submit({ target: target.url(path), retry });
    const task = await api.until(id, ['completed', 'failed']);
    return { task, attempts: await api.attempts(id) };
  }

  test('500, 500, 200: three attempts with pauses inside the bounds of the policy', async () => {
    target.answer('/flaky', { status: 500, body: 'not yet' }, { status: 500 }, { status: 200 });
    const { task, attempts } = await deliver('/flaky');
    expect(task).toMatchObject({ state: 'completed', attempt: 3, attemptsUsed: 2 });
    expect(attempts.map(({ outcome, status }) => [outcome, status])).toEqual([
      ['retryable', 500],
      ['retryable', 500],
      ['completed', 200],
    ]);
    expect(attempts[0]?.responseBody).toBe('not yet');
    const [first = 0, second = 0] = gapsOf(attempts);
    expect(first).toBeGreaterThanOrEqual(200);
    expect(second).toBeGreaterThanOrEqual(400);
  });

  test('404 is tried again', async () => {
    target.answer('/later', { status: 404 }, { status: 204 });
    expect((await deliver('/later')).attempts.map(({ status }) => status)).toEqual([404, 204]);
  });

  test.each([
    ['422', { status: 422 }],
    ['500 with Dispatchr-Retry: no', { status: 500, headers: { 'Dispatchr-Retry': 'no' } }],
  ])('%s: one attempt, failed as rejected', async (name, answer) => {
    const path = `/rejected-${encodeURIComponent(name)}`;
    target.answer(path, answer);
    const { task, attempts } = await deliver(path);
    expect(task).toMatchObject({ state: 'failed', reason: 'rejected', attemptsUsed: 0 });
    expect(attempts).toMatchObject([{ outcome: 'rejected', status: answer.status }]);
  });

  test('429 with Retry-After: 2 is not tried before two seconds', async () => {
    target.answer('/busy', { status: 429, headers: { 'Retry-After': '2' } }, { status: 200 });
    const { attempts } = await deliver('/busy', { ...QUICK, minBackoffMs: 1 });
    expect(gapsOf(attempts)[0]).toBeGreaterThanOrEqual(2000);
  });

  test('a closed port is tried again until the budget is used', async () => {
    const closed = await startScriptedTarget();
    await closed.close();
    const { id } = await api.submit({ target: closed.url('/'), retry: { ...QUICK, maxAttempts: 2 } });
    expect(await api.until(id, ['failed'])).toMatchObject({ reason: 'exhausted', attemptsUsed: 2 });
    expect(await api.attempts(id)).toMatchObject([
      { outcome: 'retryable', errorCode: 'connection-refused' },
      { outcome: 'retryable', errorCode: 'connection-refused' },
    ]);
  });

  test('a target that hangs is cut at timeoutMs', async () => {
    target.answer('/hangs', 'hang', { status: 200 });
    const { id } = await api.submit({ target: target.url('/hangs'), timeoutMs: 300, retry: QUICK });
    await (
      await target.received('/hangs')
    ).disconnected;
    await api.until(id, ['completed']);
    const [first] = await api.attempts(id);
    expect(first).toMatchObject({ outcome: 'retryable', errorCode: 'timeout' });
    expect(first?.durationMs).toBeGreaterThanOrEqual(300);
  });

  test('a redirect is not followed', async () => {
    target.answer(
      '/moved',
      { status: 308, headers: { Location: target.url('/elsewhere') } },
      { status: 200 },
    );
    const { attempts } = await deliver('/moved');
    expect(attempts.map(({ status }) => status)).toEqual([308, 200]);
    expect(target.requests.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });

  test('the delivery carries the body verbatim and the headers of the specification', async () => {
    const submission = `{"id": "verbatim:1", "target": "${target.url('/headers')}", "taskName": "caf\\u00e9",
    "taskArgs": { "b":1 , "a":12345678901234567890, "__proto__":[1e400] }, "headers": {"X-Mine": "yes"}}`;
    const response = await fetch(`${service.url}/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: submission,
    });
    expect(response.status).toBe(201);
    const request = await target.received('/headers');
    expect(request.body.toString()).toBe(
      '{"taskName":"café","taskArgs":{ "b":1 , "a":12345678901234567890, "__proto__":[1e400] }}',
    );
    expect(request.headers).toMatchObject({
      'content-type': 'application/json',
      'dispatchr-task-id': 'verbatim:1',
      'dispatchr-queue': 'default',
      'dispatchr-attempt': '1',
      'dispatchr-attempts-left': '99',
      'dispatchr-due-at': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      'user-agent': expect.stringMatching(/^\S+\/\d/),
      'x-mine': 'yes',
    });
  });

  test('a target at a metadata address is refused at the submit, and nothing is recorded', async () => {
    const submission = { id: 'metadata', target: 'http://169.254.169.254/latest', taskName: 'steal' };
    const response = await fetch(`${service.url}/v1/tasks`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(submission),
    });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({
      type: 'urn:dispatchr:problem:target-blocked',
      errors: [{ pointer: '/target' }],
    });
    expect((await fetch(`${service.url}/v1/tasks/metadata`)).status).toBe(404);
  });
}

const QUICK = { minBackoffMs: 200, jitter: 0.5 };

/** Milliseconds between the end of each attempt and the start of the next. */
function gapsOf(attempts: readonly Attempt[]): number[] {
  return attempts
    .slice(1)
    .map((next, index) => Date.parse(next.startedAt) - Date.parse(attempts[index]?.endedAt ?? ''));
}
