import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const COUNTS = { pending: 0, due: 0, running: 0 };
const JSON_TYPE = { 'content-type': 'application/json' };

function createRecorder(options: Parameters<typeof createCheckedRecorder>[0] = {}) {
  const recorder = createCheckedRecorder(options);
  const put = (url: string, body: unknown) =>
    recorder.send({ method: 'PUT', url, headers: JSON_TYPE, payload: JSON.stringify(body) });
  const remove = (url: string) => recorder.send({ method: 'DELETE', url });
  return { ...recorder, put, remove };
}

describe('queues', () => {
  test('are listed by name, page by page, with what counts for them', async () => {
    const { get, put } = createRecorder();
    await put('/v1/queues/Reports', { maxConcurrency: 2 });
    const first = (await get('/v1/queues?limit=3')).json();
    expect(first.queues).toEqual([
      { name: 'Reports', weight: 3, maxConcurrency: 2, paused: false, ...COUNTS },
      { name: 'critical', weight: 6, paused: false, ...COUNTS },
      { name: 'default', weight: 3, paused: false, ...COUNTS },
    ]);
    const second = (await get(`/v1/queues?cursor=${first.nextCursor}`)).json();
    expect(second).toEqual({ queues: [{ name: 'low', weight: 1, paused: false, ...COUNTS }] });
  });

  test('show the counts of what is in them', async () => {
    const { store, get } = createRecorder();
    const oldestDueAt = new Date('2026-11-22T14:50:00Z');
    store.queues.set('mail', { name: 'mail', paused: true, pending: 3, due: 2, running: 1, oldestDueAt });
    expect((await get('/v1/queues/mail')).json()).toEqual({
      name: 'mail',
      weight: 3,
      paused: true,
      pending: 3,
      due: 2,
      running: 1,
      oldestDueAt: '2026-11-22T14:50:00.000Z',
    });
  });

  test('are changed by what a put names, and brought back by null', async () => {
    const { put } = createRecorder();
    const settings = {
      weight: 9,
      rateLimit: { perSecond: 0.5 },
      flowLimits: { maxConcurrency: 1 },
      retry: { maxAttempts: 3 },
      timeoutMs: 500,
    };
    expect((await put('/v1/queues/mail', settings)).json()).toMatchObject(settings);
    const changed = (await put('/v1/queues/mail', { weight: null, retry: null, paused: true })).json();
    expect(changed).toMatchObject({ weight: 3, timeoutMs: 500, paused: true });
    expect(changed).not.toHaveProperty('retry');
  });

  test('are paused and resumed, with an empty body in every form', async () => {
    const { post, send } = createRecorder();
    expect((await post('/v1/queues/mail/pause', {})).json().paused).toBe(true);
    expect((await send({ method: 'POST', url: '/v1/queues/mail/pause' })).json().paused).toBe(true);
    expect((await post('/v1/queues/mail/resume', '')).json().paused).toBe(false);
    expect((await post('/v1/queues/mail/resume', { now: true })).statusCode).toBe(400);
  });

  test('are purged, or counted', async () => {
    const { store, post } = createRecorder();
    store.queues.set('mail', { name: 'mail', paused: false, pending: 3, due: 2, running: 1 });
    const answers = [
      await post('/v1/queues/mail/purge', { dryRun: true }),
      await post('/v1/queues/mail/purge', ''),
      await post('/v1/queues/mail/purge', {}),
    ];
    expect(answers.map((answer) => answer.json())).toEqual([
      { cancelled: 3 },
      { cancelled: 3 },
      { cancelled: 0 },
    ]);
    expect((await post('/v1/queues/mail/purge', { dryRun: 'yes' })).statusCode).toBe(400);
  });

  test('are deleted when they are empty', async () => {
    const { store, put, remove, get } = createRecorder();
    store.queues.set('busy', { name: 'busy', paused: false, pending: 3, due: 2, running: 1 });
    const refused = await remove('/v1/queues/busy');
    expect([refused.statusCode, refused.json().type]).toEqual([409, 'urn:dispatchr:problem:queue-not-empty']);
    expect(refused.json().detail).toContain('4');
    await put('/v1/queues/mail', { weight: 2 });
    expect((await remove('/v1/queues/mail')).statusCode).toBe(204);
    expect((await get('/v1/queues/mail')).statusCode).toBe(404);
  });

  test.each([
    ['/v1/queues/none', 'GET'],
    ['/v1/queues/none/purge', 'POST'],
    ['/v1/queues/none', 'DELETE'],
    ['/v1/queues/none/flow-keys', 'GET'],
    ['/v1/queues/a%20b', 'GET'],
    ['/v1/queues/a%20b', 'PUT'],
    ['/v1/queues/a%20b/pause', 'POST'],
    ['/v1/queues/a%00b/resume', 'POST'],
    ['/v1/queues/a%2Fb/flow-keys/a', 'PUT'],
    [`/v1/queues/${'a'.repeat(129)}`, 'PUT'],
    [`/v1/queues/${'a'.repeat(3000)}`, 'GET'],
  ] as const)('that cannot be found at %.60s %s are a 404', async (url, method) => {
    const { send } = createRecorder();
    const body = method === 'PUT' || method === 'POST' ? { headers: JSON_TYPE, payload: '{}' } : {};
    const response = await send({ method, url, ...body });
    expect([response.statusCode, response.json().type]).toEqual([
      404,
      'urn:dispatchr:problem:queue-not-found',
    ]);
  });

  test.each([
    [{ weight: 0 }, '/weight'],
    [{ weight: 1001 }, '/weight'],
    [{ weight: 1.5 }, '/weight'],
    [{ maxConcurrency: 0 }, '/maxConcurrency'],
    [{ rateLimit: {} }, '/rateLimit/perSecond'],
    [{ rateLimit: { perSecond: 0 } }, '/rateLimit/perSecond'],
    [{ rateLimit: { perSecond: 1, burst: 0 } }, '/rateLimit/burst'],
    [{ flowLimits: { maxConcurrency: 0 } }, '/flowLimits/maxConcurrency'],
    [{ retry: { minBackoffMs: 5000, maxBackoffMs: 1000 } }, '/retry/maxBackoffMs'],
    [{ retry: { retryOn: ['404'], failOn: ['404'] } }, '/retry/failOn'],
    [{ timeoutMs: 0 }, '/timeoutMs'],
    [{ paused: 1 }, '/paused'],
    [{ concurrency: 1 }, '/concurrency'],
    [{ rateLimit: { perSecond: 1, per: 's' } }, '/rateLimit/per'],
    [[], ''],
  ])('refuse %j by its place', async (body, pointer) => {
    const { put, store } = createRecorder();
    const before = [...store.queues.keys()];
    const response = await put('/v1/queues/mail', body);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toContainEqual(expect.objectContaining({ pointer }));
    expect([...store.queues.keys()]).toEqual(before);
  });

  test('take a put of nothing, but no put without a body', async () => {
    const { put, send } = createRecorder();
    expect((await put('/v1/queues/mail', {})).statusCode).toBe(200);
    expect((await send({ method: 'PUT', url: '/v1/queues/mail' })).statusCode).toBe(400);
  });

  test('answer 503 while the database is away', async () => {
    const { store, get, put } = createRecorder();
    store.isAway = true;
    expect((await get('/v1/queues')).statusCode).toBe(503);
    expect((await put('/v1/queues/mail', { weight: 1 })).statusCode).toBe(503);
  });

  test('need a token where the recorder does', async () => {
    const { get } = createRecorder({ token: 'secret' });
    expect((await get('/v1/queues')).statusCode).toBe(401);
  });
});

describe('flow keys', () => {
  test('are listed page by page', async () => {
    const { put, get } = createRecorder();
    for (const key of ['b', 'a', 'c']) await put(`/v1/queues/mail/flow-keys/${key}`, { maxConcurrency: 1 });
    const first = (await get('/v1/queues/mail/flow-keys?limit=2')).json();
    expect(first.flowKeys).toEqual([
      { flowKey: 'a', maxConcurrency: 1, ...COUNTS },
      { flowKey: 'b', maxConcurrency: 1, ...COUNTS },
    ]);
    const second = (await get(`/v1/queues/mail/flow-keys?limit=2&cursor=${first.nextCursor}`)).json();
    expect(second).toEqual({ flowKeys: [{ flowKey: 'c', maxConcurrency: 1, ...COUNTS }] });
  });

  test.each([['http://127.0.0.1:3000'], ['a/b c%?'], ['💌'.repeat(512)]])(
    'are put percent-encoded: %.40s',
    async (flowKey) => {
      const { put } = createRecorder();
      const url = `/v1/queues/mail/flow-keys/${encodeURIComponent(flowKey)}`;
      const response = await put(url, { rateLimit: { perSecond: 1 } });
      expect([response.statusCode, response.json().flowKey]).toEqual([200, flowKey]);
    },
  );

  test.each([['a%00'], ['a%7F'], ['a'.repeat(513)], ['a'.repeat(9000)]])(
    'that cannot be one are refused: %.40s',
    async (flowKey) => {
      const { put } = createRecorder();
      const response = await put(`/v1/queues/mail/flow-keys/${flowKey}`, { maxConcurrency: 1 });
      expect(response.statusCode).toBe(400);
      expect(response.json().errors).toMatchObject([{ parameter: 'flowKey' }]);
    },
  );
});

describe('a recorder without a feature', () => {
  test.each([
    ['queues', '/v1/queues/mail', { paused: true }],
    ['weights', '/v1/queues/mail', { weight: 1 }],
    ['rate-limits', '/v1/queues/mail', { maxConcurrency: 1 }],
    ['rate-limits', '/v1/queues/mail', { rateLimit: null }],
    ['flow-keys', '/v1/queues/mail', { flowLimits: { maxConcurrency: 1 } }],
    ['flow-keys', '/v1/queues/mail/flow-keys/a', { maxConcurrency: 1 }],
  ] as const)('%s refuses a put of %s that needs it', async (feature, url, body) => {
    const all = ['queues', 'weights', 'rate-limits', 'flow-keys'] as const;
    const { put, get } = createRecorder({ features: all.filter((name) => name !== feature) });
    const response = await put(url, body);
    expect([response.statusCode, response.json().feature]).toEqual([422, feature]);
    if (feature === 'queues') expect((await get('/v1/queues')).statusCode).toBe(422);
  });
});
