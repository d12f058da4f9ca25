import swagger from '@fastify/swagger';
import Fastify from 'fastify';
import { describe, expect, test } from 'vitest';
import { FakeTaskStore } from '../test/fake-task-store.ts';
import { createRecorder } from './recorder-plugin.ts';

describe('inside a user’s own app', () => {
  const mount = async (prefix: string) => {
    const store = new FakeTaskStore();
    const app = Fastify();
    app.post('/own', async (request) => ({ got: request.body }));
    app.get('/own/broken', async () => {
      throw new Error('of the host');
    });
    app.setErrorHandler(async (error: Error, _request, reply) =>
      reply.code(418).send({ host: error.message }),
    );
    app.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ host: 'not found' }));
    app.addContentTypeParser('text/csv', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    await app.register(swagger, {});
    await app.register(createRecorder({ store: store.asStore(), newId: () => 'made', now: () => 0 }), {
      prefix,
    });
    return { app, store };
  };
  const target = 'http://93.184.216.34/tasks';

  test.each(['', '/dispatchr'])(
    'under the prefix "%s" it serves its own and leaves the app alone',
    async (prefix) => {
      const { app } = await mount(prefix);
      const created = await app.inject({
        method: 'POST',
        url: `${prefix}/v1/tasks`,
        payload: { target, taskName: 'n' },
      });
      expect([created.statusCode, created.headers.location]).toEqual([201, `${prefix}/v1/tasks/made`]);
      const malformed = await app.inject({
        method: 'POST',
        url: `${prefix}/v1/tasks`,
        headers: { 'content-type': 'application/json' },
        payload: '{"a":1,"a":2}',
      });
      expect(malformed.json().type).toBe('urn:dispatchr:problem:malformed-json');
      expect((await app.inject(`${prefix}/docs`)).statusCode).toBe(200);

      const headers = { 'content-type': 'application/json' };
      const lenient = await app.inject({ method: 'POST', url: '/own', headers, payload: '{"a":1,"a":2}' });
      expect(lenient.json()).toEqual({ got: { a: 2 } });
      const csv = await app.inject({
        method: 'POST',
        url: '/own',
        headers: { 'content-type': 'text/csv' },
        payload: 'a,b',
      });
      expect(csv.json()).toEqual({ got: 'a,b' });
      expect((await app.inject('/own/broken')).json()).toEqual({ host: 'of the host' });
      expect((await app.inject('/nowhere')).json()).toEqual({ host: 'not found' });
    },
  );

  test('it answers unknown paths under its prefix itself', async () => {
    const { app } = await mount('/dispatchr');
    expect((await app.inject('/dispatchr/v2/tasks?a=1')).json()).toMatchObject({
      type: 'urn:dispatchr:problem:route-not-found',
      detail: 'expected a path of the Recorder API, got /dispatchr/v2/tasks; see GET /dispatchr/docs',
    });
  });

  test('it leaves what a hook of the app refuses to the app', async () => {
    const app = Fastify();
    app.addHook('onRequest', async () => {
      throw Object.assign(new Error('slow down'), { statusCode: 429 });
    });
    const store = new FakeTaskStore();
    await app.register(createRecorder({ store: store.asStore(), newId: () => 'made', now: () => 0 }));
    expect((await app.inject('/livez')).statusCode).toBe(429);
  });

  test('it declares the length of ids that the app’s router can find again', async () => {
    const { app } = await mount('');
    expect((await app.inject('/.well-known/dispatchr')).json().limits.maxIdLength).toBe(100);
    const payload = { target, taskName: 'n', id: 'a'.repeat(101) };
    const response = await app.inject({ method: 'POST', url: '/v1/tasks', payload });
    expect(response.json().errors).toMatchObject([{ pointer: '/id' }]);
  });
});

describe('options', () => {
  const required = { store: new FakeTaskStore().asStore(), newId: () => 'a', now: () => 0 };

  test.each<[string, object, string]>([
    ['unknown ones', { sotre: 1, tokn: 2 }, 'got sotre, tokn'],
    ['a missing store', { store: undefined }, 'option store: expected a task store'],
    ['a missing clock', { now: undefined }, 'option now: expected a function'],
    ['an empty token', { token: '' }, 'option token: expected a token'],
    ['an unknown limit', { limits: { maxBytes: 1 } }, 'got maxBytes'],
    [
      'a limit above the specification',
      { limits: { maxAttempts: 1001 } },
      'limit maxAttempts: expected a whole number from 100 to 1000, got 1001',
    ],
    [
      'a limit below the specification',
      { limits: { maxHeaders: 15 } },
      'limit maxHeaders: expected a whole number from 16',
    ],
    [
      'a limit that is no number',
      { limits: { maxDepth: Number.NaN } },
      'limit maxDepth: expected a whole number',
    ],
    ['an unknown feature', { features: ['teleport' as 'batch'] }, 'got teleport'],
  ])('refuse %s by name', (_name, options, message) => {
    expect(() => createRecorder({ ...required, ...options })).toThrow(message);
  });
});
