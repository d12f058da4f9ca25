import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../test/checked-recorder.ts';

const TARGET = 'http://127.0.0.1:3000/tasks';
const TASK = { target: TARGET, taskName: 'send-receipt' };

describe('the edges of the API', () => {
  test.each([
    ['DELETE', '/v1/tasks', 'GET, HEAD, POST'],
    ['PUT', '/v1/tasks/a', 'GET, HEAD, DELETE'],
    ['GET', '/v1/tasks/a/cancel', 'POST'],
    ['PUT', '/v1/tasks/batch', 'GET, HEAD, POST, DELETE'],
    ['OPTIONS', '/livez', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
  ] as const)('%s %s is a 405 that allows %s', async (method, url, allow) => {
    const { send } = createCheckedRecorder();
    const response = await send({ method, url, headers: { 'content-type': 'text/plain' }, payload: 'x' });
    expect([response.statusCode, response.headers.allow]).toEqual([405, allow]);
  });

  test.each([
    ['/', '/'],
    ['/v2/tasks?a=1', '/v2/tasks'],
    ['/%zz', '/%zz'],
    [`/${'a'.repeat(200)}`, `/${'a'.repeat(79)}… (201 characters)`],
  ])('GET %s is a 404 that points to the documentation', async (url, got) => {
    const { get } = createCheckedRecorder();
    const response = await get(url);
    expect(response.json()).toMatchObject({
      type: 'urn:dispatchr:problem:route-not-found',
      detail: `expected a path of the Recorder API, got ${got}; see GET /docs`,
    });
  });

  test('a task may have the id "batch"', async () => {
    const { post, get } = createCheckedRecorder();
    await post('/v1/tasks', { ...TASK, id: 'batch' });
    expect((await get('/v1/tasks/batch')).json().id).toBe('batch');
  });

  test('ids of 512 characters are recorded and read', async () => {
    const { post, get } = createCheckedRecorder();
    const id = 'a:'.repeat(256);
    expect((await post('/v1/tasks', { ...TASK, id })).statusCode).toBe(201);
    expect((await get(`/v1/tasks/${id}`)).json().id).toBe(id);
    expect((await get(`/v1/tasks/${encodeURIComponent(id)}`)).json().id).toBe(id);
  });

  test.each([
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['application/xml'],
    ['nonsense'],
    [undefined],
  ])('a body of the media type %s is a 415 with the option of curl that helps', async (type) => {
    const { send } = createCheckedRecorder();
    const headers = type === undefined ? {} : { 'content-type': type };
    const response = await send({ method: 'POST', url: '/v1/tasks', headers, payload: Buffer.from('{}') });
    expect(response.statusCode).toBe(415);
    expect(response.json().detail).toContain("curl: -H 'Content-Type: application/json'");
  });

  test('a submit without a body is a 400 for the whole body', async () => {
    const { post, send } = createCheckedRecorder();
    const answers = [
      await post('/v1/tasks', ''),
      await post('/v1/tasks/batch', ''),
      await send({ method: 'POST', url: '/v1/tasks' }),
      await send({ method: 'POST', url: '/v1/tasks', headers: { 'content-type': 'text/plain' } }),
    ];
    for (const response of answers) {
      expect(response.statusCode).toBe(400);
      expect(response.json().errors).toMatchObject([{ pointer: '' }]);
    }
  });

  test('a body of no bytes is none, of whatever media type and however it is framed', async () => {
    const { send } = createCheckedRecorder();
    const headers = { 'content-type': 'text/plain', 'transfer-encoding': 'chunked' };
    const response = await send({ method: 'POST', url: '/v1/tasks/nobody/cancel', headers, payload: '' });
    expect(response.statusCode).toBe(404);
  });

  test('a query is checked where the specification has a 400, and of no matter elsewhere', async () => {
    const { post, get } = createCheckedRecorder();
    expect((await post('/v1/tasks?dry=1', TASK)).json().errors).toMatchObject([{ parameter: 'dry' }]);
    for (const path of ['/livez', '/health', '/.well-known/dispatchr', '/openapi.json', '/openapi.yaml'])
      expect([path, (await get(`${path}?verbose&a=1&a=2`)).statusCode]).toEqual([path, 200]);
  });

  test('the body of a GET is of no matter', async () => {
    const { send } = createCheckedRecorder();
    const headers = { 'content-type': 'text/plain' };
    const response = await send({ method: 'GET', url: '/v1/tasks', headers, payload: 'x' });
    expect(response.statusCode).toBe(200);
  });

  test('a body of application/json with a charset is read', async () => {
    const { post } = createCheckedRecorder();
    expect(
      (await post('/v1/tasks', TASK, { 'content-type': 'Application/JSON; charset=utf-8' })).statusCode,
    ).toBe(201);
  });

  test('a token guards tasks and leaves the rest open', async () => {
    const { send, get } = createCheckedRecorder({ token: 'secret' });
    const answer = (authorization?: string) =>
      send({
        method: 'GET',
        url: '/v1/tasks',
        headers: authorization === undefined ? {} : { authorization },
      });
    expect((await answer()).headers['www-authenticate']).toBe('Bearer');
    expect((await answer('Basic c2VjcmV0')).statusCode).toBe(401);
    expect((await answer('Bearer secret2')).statusCode).toBe(401);
    expect((await answer('bearer secret')).statusCode).toBe(200);
    const open = ['/livez', '/health', '/.well-known/dispatchr', '/openapi.json', '/openapi.yaml', '/docs'];
    for (const url of open) expect((await get(url)).statusCode).toBe(200);
  });

  test('a submit without the token is refused before its body is read', async () => {
    const { post } = createCheckedRecorder({ token: 'secret' });
    expect((await post('/v1/tasks', '{')).statusCode).toBe(401);
  });

  test('while the database is away everything that needs it is a 503 with Retry-After that hides the cause', async () => {
    const { store, post, get } = createCheckedRecorder();
    store.isAway = true;
    const answers = [
      await post('/v1/tasks', TASK),
      await post('/v1/tasks/batch', { tasks: [TASK] }),
      await get('/v1/tasks'),
      await get('/v1/tasks/a'),
      await post('/v1/tasks/a/cancel', {}),
      await get('/health'),
    ];
    for (const { statusCode, headers, body } of answers) {
      expect([statusCode, headers['retry-after']]).toEqual([503, '1']);
      expect(body).not.toContain('hunter2');
    }
    expect((await get('/livez')).statusCode).toBe(200);
    store.isAway = false;
    expect((await get('/health')).statusCode).toBe(200);
  });

  test('a fault is a 500 that hides its cause', async () => {
    const { store, get } = createCheckedRecorder();
    store.findTask = () => Promise.reject(new Error('secret cause'));
    const response = await get('/v1/tasks/a');
    expect(response.statusCode).toBe(500);
    expect(response.body).not.toContain('secret cause');
  });

  test('the discovery document declares what was set', async () => {
    const { get } = createCheckedRecorder({
      durability: 'disk',
      limits: { maxTaskBytes: 70_000 },
      targetPolicy: parseTargetPolicy({ allow: ['10.1.0.0/16:8080'], listensOnLoopback: false }),
    });
    const discovery = (await get('/.well-known/dispatchr')).json();
    expect(discovery).toMatchObject({
      specVersions: ['1.0'],
      durability: 'disk',
      limits: { maxTaskBytes: 70_000, maxWaitMs: 60_000, maxIdLength: 512 },
      targetPolicy: { loopback: false, private: false, allow: ['10.1.0.0/16:8080'] },
      features: [
        'batch',
        'request',
        'idempotency-key',
        'priority',
        'expiry',
        'wait',
        'queues',
        'weights',
        'rate-limits',
        'flow-keys',
        'target-health',
        'waiting-reason',
        'schedules',
      ],
    });
  });

  test('the documentation asks for nothing from elsewhere', async () => {
    const { app, get } = createCheckedRecorder();
    const page = await get('/docs');
    const assets = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets) expect(path).not.toMatch(/^(https?:)?\/\//);
    for (const path of assets) {
      const asset = await app.inject(new URL(path, 'http://localhost/docs').pathname);
      expect([path, asset.statusCode]).toEqual([path, 200]);
    }
    expect((await get('/openapi.json')).json().paths).toHaveProperty('/v1/tasks');
    expect((await get('/openapi.yaml')).body).toContain('openapi: 3.1.0');
  });
});
