import { setImmediate } from 'node:timers/promises';
import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { describe, expect, test, vi } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TARGET = 'http://127.0.0.1:3000/tasks';
const TASK = { target: TARGET, taskName: 'send-receipt' };

describe('a submitted task', () => {
  test('is answered with 201, its Location and everything resolved', async () => {
    const { post, store } = createCheckedRecorder();
    const response = await post('/v1/tasks', { ...TASK, taskArgs: { orderId: 1842 } });
    expect(response.statusCode).toBe(201);
    expect(response.headers.location).toBe('/v1/tasks/made-1');
    expect(response.json()).toMatchObject({
      id: 'made-1',
      state: 'pending',
      queue: 'default',
      flowKey: 'http://127.0.0.1:3000',
      priority: 0,
      timeoutMs: 30_000,
      retry: { maxAttempts: 100, failOn: [] },
    });
    expect(response.json()).not.toHaveProperty('taskArgs');
    expect(store.submitted).toEqual([
      {
        ...TASK,
        id: 'made-1',
        origin: 'http://127.0.0.1:3000',
        taskArgs: '{"orderId":1842}',
        queue: 'default',
        flowKey: 'http://127.0.0.1:3000',
        priority: 0,
      },
    ]);
  });

  test('is read with its arguments as they were written', async () => {
    const { post, get } = createCheckedRecorder();
    const taskArgs = '{ "big":9007199254740993, "n": 1e400,"__proto__" : {"a":"\\u00e9"} }';
    await post('/v1/tasks', `{"target":"${TARGET}","taskName":"n","id":"a","taskArgs":${taskArgs}}`);
    const response = await get('/v1/tasks/a');
    expect(response.statusCode).toBe(200);
    expect(response.body).toContain(`"taskArgs":${taskArgs}`);
  });

  test('keeps all its content', async () => {
    const { post, get, store } = createCheckedRecorder();
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const request = { method: 'PUT', body: 'aGk=', bodyEncoding: 'base64' };
    const sent = {
      target: TARGET,
      request,
      headers: { 'X-Tenant': '17', __proto__: 'x' },
      queue: 'mails',
      flowKey: 'tenant-17',
      priority: 7,
      dueAt: '2027-01-01T01:00:00+01:00',
      expiresAt: '2027-01-02T00:00:00.5Z',
      timeoutMs: 1,
      retry: { maxAttempts: 3, retryOn: ['422'] },
    };
    const body = JSON.stringify(sent).replace('"X-Tenant"', '"__proto__":"x","X-Tenant"');
    await post('/v1/tasks', body, { traceparent, tracestate: 'a=b', 'idempotency-key': '"k\\"1"' });
    const { body: text } = await get('/v1/tasks/made-1');
    expect(JSON.parse(text)).toMatchObject({
      request,
      queue: 'mails',
      flowKey: 'tenant-17',
      priority: 7,
      dueAt: '2027-01-01T00:00:00.000Z',
      expiresAt: '2027-01-02T00:00:00.500Z',
      timeoutMs: 1,
      retry: { maxAttempts: 3, minBackoffMs: 2000, retryOn: ['422'] },
      idempotencyKey: 'k"1',
      traceparent,
      tracestate: 'a=b',
    });
    expect(text).toContain('"headers":{"__proto__":"x","X-Tenant":"17"}');
    expect(store.submitted[0]?.retry).toEqual(sent.retry);
  });

  test('is answered when it is recorded, and not before', async () => {
    const { post, store } = createCheckedRecorder();
    let record: () => void = () => {};
    store.gate = new Promise((resolve) => (record = resolve));
    let isAnswered = false;
    const answer = post('/v1/tasks', TASK).finally(() => (isAnswered = true));
    // What does not wait for the store is answered meanwhile.
    expect((await post('/v1/tasks', {})).statusCode).toBe(400);
    await setImmediate();
    expect(isAnswered).toBe(false);
    record();
    expect((await answer).statusCode).toBe(201);
  });

  test('is reported once it is recorded, and an existing one is not', async () => {
    const onRecorded = vi.fn<(tasks: readonly { id: string }[]) => void>();
    const { post } = createCheckedRecorder({ onRecorded });
    await post('/v1/tasks', { ...TASK, id: 'a' });
    await post('/v1/tasks', { ...TASK, id: 'a' });
    await post('/v1/tasks/batch', { tasks: [{ ...TASK, id: 'a' }, TASK] });
    expect(onRecorded.mock.calls.map(([tasks]) => tasks.map(({ id }) => id))).toEqual([['a'], ['made-1']]);
  });

  test('ignores a trace context that is not valid, and every preference but wait', async () => {
    const { post, store } = createCheckedRecorder();
    const response = await post('/v1/tasks', TASK, {
      traceparent: 'x',
      tracestate: 'a=b',
      prefer: 'respond-async',
    });
    expect(response.statusCode).toBe(201);
    expect(store.submitted[0]).not.toHaveProperty('traceparent');
    expect(store.submitted[0]).not.toHaveProperty('tracestate');
  });
});

describe('a submission that is not valid', () => {
  test.each([
    ['/dueAt', { dueAt: '1969-12-31T23:59:59.999Z' }],
    ['/dueAt', { dueAt: '9999-12-31T23:59:59-01:00' }],
    ['/expiresAt', { expiresAt: '0001-01-01T00:00:00Z' }],
    ['/expiresAt', { expiresAt: '9999-12-31T23:59:60Z' }],
  ])('for an instant beyond 1970 to 9999 is refused at %s: %j', async (pointer, members) => {
    const { post, store } = createCheckedRecorder();
    const response = await post('/v1/tasks', { ...TASK, ...members });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toMatchObject([
      { pointer, detail: expect.stringContaining('1970 to 9999') },
    ]);
    expect(store.submitted).toEqual([]);
  });

  test.each([
    [
      { minBackoffMs: 7_200_000 },
      '/retry/minBackoffMs',
      'expected at most 3600000, the default of "maxBackoffMs", got 7200000; give "maxBackoffMs" too',
    ],
    [
      { maxBackoffMs: 1000 },
      '/retry/maxBackoffMs',
      'expected at least 2000, the default of "minBackoffMs", got 1000; give "minBackoffMs" too',
    ],
    [
      { minBackoffMs: 20, maxBackoffMs: 10 },
      '/retry/maxBackoffMs',
      'expected at least "minBackoffMs" (20), got 10',
    ],
  ])(
    'for a backoff that %j and the defaults make impossible says what helps',
    async (retry, pointer, detail) => {
      const { post } = createCheckedRecorder();
      const response = await post('/v1/tasks', { ...TASK, retry });
      expect(response.statusCode).toBe(400);
      expect(response.json().errors).toEqual([{ pointer, detail }]);
      const helped = { minBackoffMs: 1000, maxBackoffMs: 7_200_000, ...retry };
      if (!('minBackoffMs' in retry && 'maxBackoffMs' in retry))
        expect((await post('/v1/tasks', { ...TASK, retry: helped })).statusCode).toBe(201);
    },
  );
});

test('a target on this machine is told what would open it, where that is not allowed', async () => {
  const targetPolicy = parseTargetPolicy({ allow: [], listensOnLoopback: false });
  const { post } = createCheckedRecorder({ targetPolicy });
  const detail =
    'expected a public address or one that the target policy allows, got 127.0.0.1 port 3000 (loopback: RFC 1122); the operator can allow it with DISPATCHR_TARGET_ALLOW';
  expect((await post('/v1/tasks', TASK)).json()).toMatchObject({
    type: 'urn:dispatchr:problem:target-blocked',
    detail,
    errors: [{ pointer: '/target', detail }],
  });
});

describe('identity', () => {
  test('is the content as sent, whatever its spelling', async () => {
    const { post } = createCheckedRecorder();
    const first = await post(
      '/v1/tasks',
      `{"id":"a","target":"${TARGET}","taskName":"n","taskArgs":{"x":1,"y":[2]}}`,
    );
    const again = await post(
      '/v1/tasks',
      `{"taskArgs":{"y":[ 2 ],"x":1},"taskName":"\\u006e","target":"${TARGET}","id":"a"}`,
    );
    expect([first.statusCode, again.statusCode]).toEqual([201, 200]);
    expect(again.headers.location).toBe('/v1/tasks/a');
    expect(again.json()).toEqual(first.json());
  });

  test.each(['{"x":1.0}', '{"x":2}', '{}'])(
    'of an id with other arguments (%s) is a 409 at /id',
    async (taskArgs) => {
      const { post } = createCheckedRecorder();
      await post('/v1/tasks', { ...TASK, id: 'a', taskArgs: { x: 1 } });
      const response = await post(
        '/v1/tasks',
        `{"target":"${TARGET}","taskName":"send-receipt","id":"a","taskArgs":${taskArgs}}`,
      );
      expect(response.statusCode).toBe(409);
      expect(response.json()).toMatchObject({
        type: 'urn:dispatchr:problem:task-id-conflict',
        errors: [{ pointer: '/id' }],
      });
    },
  );

  test('by an Idempotency-Key does the same, with 422 for other content', async () => {
    const { post, store } = createCheckedRecorder();
    const key = { 'idempotency-key': '"7f0c2a"' };
    const answers = [
      await post('/v1/tasks', TASK, key),
      await post('/v1/tasks', TASK, key),
      await post('/v1/tasks', { ...TASK, priority: 1 }, key),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([201, 200, 422]);
    expect(answers[2]?.json().type).toBe('urn:dispatchr:problem:idempotency-key-reused');
    expect(store.recorded).toHaveLength(1);
  });

  test.each([
    ['together with an id', '"k"', { ...TASK, id: 'a' }],
    ['without quotes', 'k', TASK],
    ['that is empty', '""', TASK],
    ['that is too long', `"${'k'.repeat(256)}"`, TASK],
    ['that is a list', '"a", "b"', TASK],
  ])('by a key %s is a 400 that names the header', async (_name, key, task) => {
    const { post, store } = createCheckedRecorder();
    const response = await post('/v1/tasks', task, { 'idempotency-key': key });
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toMatchObject([{ parameter: 'Idempotency-Key' }]);
    expect(store.submitted).toEqual([]);
  });

  test('is computed only for tasks that have one', async () => {
    const { post, store } = createCheckedRecorder();
    await post('/v1/tasks', TASK);
    await post('/v1/tasks/batch', { tasks: [{ ...TASK, id: 'a' }, TASK] });
    expect(store.submitted.map(({ fingerprint }) => typeof fingerprint)).toEqual([
      'undefined',
      'string',
      'undefined',
    ]);
  });
});

describe('a feature that is not declared', () => {
  test.each([
    ['wait', '/v1/tasks', TASK, { prefer: 'respond-async, Wait=10' }],
    ['wait', '/v1/tasks/batch', { tasks: [TASK] }, { prefer: 'wait=1' }],
    ['batch', '/v1/tasks/batch', { tasks: [TASK] }, {}],
    ['request', '/v1/tasks', { target: TARGET, request: {} }, {}],
    ['priority', '/v1/tasks', { ...TASK, priority: 1 }, {}],
    ['expiry', '/v1/tasks', { ...TASK, expiresAt: '2030-01-01T00:00:00Z' }, {}],
    ['idempotency-key', '/v1/tasks', TASK, { 'idempotency-key': '"k"' }],
  ] as const)('%s is refused by name', async (feature, url, body, headers) => {
    const { post, store } = createCheckedRecorder({ features: [] });
    const response = await post(url, body, headers);
    expect(response.statusCode).toBe(422);
    expect(response.json()).toMatchObject({ type: 'urn:dispatchr:problem:feature-not-supported', feature });
    expect(store.submitted).toEqual([]);
  });

  test('is not needed for what every implementation has', async () => {
    const { post } = createCheckedRecorder({ features: [] });
    const response = await post('/v1/tasks', { ...TASK, priority: 0, flowKey: 'a', delayMs: 1 });
    expect(response.statusCode).toBe(201);
  });
});
