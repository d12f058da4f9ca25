import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const JSON_TYPE = { 'content-type': 'application/json' };
const TASK = { target: 'http://127.0.0.1:3000/tasks', taskName: 'report' };
const NIGHTLY = { cron: '30 2 * * *', timeZone: 'Europe/Berlin', task: TASK };

function createRecorder(options: Parameters<typeof createCheckedRecorder>[0] = {}) {
  const recorder = createCheckedRecorder(options);
  const put = (name: string, body: unknown) =>
    recorder.send({
      method: 'PUT',
      url: `/v1/schedules/${name}`,
      headers: JSON_TYPE,
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const operate = (name: string, operation: string) =>
    recorder.post(`/v1/schedules/${name}/${operation}`, '');
  return { ...recorder, put, operate };
}

describe('a schedule', () => {
  test('is put with defaults for what is left out, and read', async () => {
    const { put, get } = createRecorder();
    const answer = await put('nightly', NIGHTLY);
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        name: 'nightly',
        ...NIGHTLY,
        missedTicks: 'one',
        overlap: 'allow',
        paused: false,
        nextTickAt: '2026-11-23T01:30:00.000Z',
        createdAt: '2026-11-22T14:50:00.000Z',
      },
    ]);
    expect((await get('/v1/schedules/nightly')).json()).toEqual(answer.json());
  });

  test('is changed as a whole by another put', async () => {
    const { put } = createRecorder();
    await put('nightly', { ...NIGHTLY, missedTicks: 'all', overlap: 'skip' });
    expect((await put('nightly', { cron: '@hourly', task: TASK })).json()).toMatchObject({
      cron: '@hourly',
      timeZone: 'UTC',
      missedTicks: 'one',
      overlap: 'allow',
      nextTickAt: '2026-11-22T15:00:00.000Z',
    });
  });

  test('shows its task as it was put, and submits it with the defaults of a submit', async () => {
    const { put, get, store } = createRecorder();
    const task =
      '{ "taskName": "r", "taskArgs": {"n":1.0, "n2": 12345678901234567890}, "target": "http://127.0.0.1:3000/t" }';
    await put('exact', `{"cron":"* * * * *","task":${task}}`);
    expect((await get('/v1/schedules/exact')).body).toContain(`"task":${task},`);
    expect(store.scheduledTasks.get('exact')).toEqual({
      target: 'http://127.0.0.1:3000/t',
      origin: 'http://127.0.0.1:3000',
      flowKey: 'http://127.0.0.1:3000',
      queue: 'default',
      priority: 0,
      taskName: 'r',
      taskArgs: '{"n":1.0, "n2": 12345678901234567890}',
    });
  });

  test('is paused and resumed, by an empty body too, and stays paused through a put', async () => {
    const { put, operate, post } = createRecorder();
    await put('nightly', NIGHTLY);
    const paused = (await operate('nightly', 'pause')).json();
    expect(paused.paused).toBe(true);
    expect(paused).not.toHaveProperty('nextTickAt');
    expect((await put('nightly', { ...NIGHTLY, overlap: 'skip' })).json().paused).toBe(true);
    expect((await post('/v1/schedules/nightly/resume', {})).json()).toMatchObject({
      paused: false,
      nextTickAt: '2026-11-23T01:30:00.000Z',
    });
    expect((await post('/v1/schedules/nightly/resume', { now: true })).statusCode).toBe(400);
  });

  test('is run now: answers 201 with a new task, which is announced', async () => {
    const recorded: string[] = [];
    const onRecorded = (tasks: readonly { id: string }[]) => void recorded.push(...tasks.map(({ id }) => id));
    const { put, operate, get } = createRecorder({ onRecorded });
    await put('nightly', NIGHTLY);
    const answer = await operate('nightly', 'run');
    expect([answer.statusCode, answer.headers['location']]).toEqual([201, '/v1/tasks/made-1']);
    expect(answer.json()).toMatchObject({ id: 'made-1', state: 'pending', taskName: 'report' });
    expect(recorded).toEqual(['made-1']);
    expect((await get('/v1/schedules/nightly')).json().lastTaskId).toBe('made-1');
  });

  test('is not run where its target is blocked by now', async () => {
    const { put, store } = createRecorder();
    await put('nightly', NIGHTLY);
    const strict = createRecorder({
      store: store.asStore(),
      targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: false }),
    });
    const answer = await strict.operate('nightly', 'run');
    expect([answer.statusCode, answer.json().type]).toEqual([422, 'urn:dispatchr:problem:target-blocked']);
    expect(store.recorded).toEqual([]);
  });

  test('is deleted', async () => {
    const { put, send, get } = createRecorder();
    await put('nightly', NIGHTLY);
    expect((await send({ method: 'DELETE', url: '/v1/schedules/nightly' })).statusCode).toBe(204);
    expect((await get('/v1/schedules/nightly')).statusCode).toBe(404);
  });
});

test('schedules are listed by name, page by page', async () => {
  const { put, get } = createRecorder();
  for (const name of ['b', 'a', 'C']) await put(name, NIGHTLY);
  const first = (await get('/v1/schedules?limit=2')).json();
  expect(first.schedules.map(({ name }: { name: string }) => name)).toEqual(['C', 'a']);
  const second = (await get(`/v1/schedules?cursor=${first.nextCursor}`)).json();
  expect(second.schedules.map(({ name }: { name: string }) => name)).toEqual(['b']);
  expect(second).not.toHaveProperty('nextCursor');
});

describe('a put is refused', () => {
  test.each([
    [{ task: TASK }, '/cron'],
    [{ ...NIGHTLY, cron: '61 * * * *' }, '/cron'],
    [{ ...NIGHTLY, cron: '0 0 30 2 *' }, '/cron'],
    [{ ...NIGHTLY, cron: '0 0 L * *' }, '/cron'],
    [{ ...NIGHTLY, timeZone: 'Europe/Atlantis' }, '/timeZone'],
    [{ ...NIGHTLY, timeZone: '+01:00' }, '/timeZone'],
    [{ cron: '@daily' }, '/task'],
    [{ ...NIGHTLY, task: 'report' }, '/task'],
    [{ ...NIGHTLY, task: { taskName: 'report' } }, '/task/target'],
    [{ ...NIGHTLY, task: { ...TASK, target: 'ftp://127.0.0.1/' } }, '/task/target'],
    [{ ...NIGHTLY, task: { ...TASK, dueAt: '2030-01-01T00:00:00Z' } }, '/task/dueAt'],
    [{ ...NIGHTLY, task: { ...TASK, id: 'mine' } }, '/task/id'],
    [
      { ...NIGHTLY, task: { ...TASK, retry: { minBackoffMs: 5000, maxBackoffMs: 1000 } } },
      '/task/retry/maxBackoffMs',
    ],
    [{ ...NIGHTLY, missedTicks: 'some' }, '/missedTicks'],
    [{ ...NIGHTLY, paused: true }, '/paused'],
    [[], ''],
  ])('%j, by its place', async (body, pointer) => {
    const { put, store } = createRecorder();
    const response = await put('nightly', body);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toContainEqual(expect.objectContaining({ pointer }));
    expect(store.schedules.size).toBe(0);
  });

  test('with a target that is blocked', async () => {
    const { put, store } = createRecorder({
      targetPolicy: parseTargetPolicy({ allow: [], listensOnLoopback: false }),
    });
    const response = await put('nightly', NIGHTLY);
    expect([response.statusCode, response.json().errors[0].pointer]).toEqual([422, '/task/target']);
    expect(store.schedules.size).toBe(0);
  });

  test('with a task that needs a feature which is not declared', async () => {
    const { put } = createRecorder({ features: ['schedules'] });
    const response = await put('nightly', { ...NIGHTLY, task: { ...TASK, priority: 5 } });
    expect([response.statusCode, response.json().feature]).toEqual([422, 'priority']);
  });
});

describe('a schedule that cannot be found', () => {
  test.each([
    ['GET', ''],
    ['DELETE', ''],
    ['POST', '/pause'],
    ['POST', '/resume'],
    ['POST', '/run'],
  ] as const)('is a 404: %s %s', async (method, operation) => {
    const { send } = createRecorder();
    for (const name of ['none', 'a%20b', 'a%00b', 'a:b', 'a'.repeat(101), 'a'.repeat(3000)]) {
      const response = await send({ method, url: `/v1/schedules/${name}${operation}` });
      expect([response.statusCode, response.json().type]).toEqual([
        404,
        'urn:dispatchr:problem:schedule-not-found',
      ]);
    }
  });

  test('is a 404 to a put where no schedule can have the name', async () => {
    const { put } = createRecorder();
    expect((await put('a%20b', NIGHTLY)).statusCode).toBe(404);
  });
});

test('every operation answers 422 without the feature, 503 while the database is away, and 401 without the token', async () => {
  const operations = [
    { method: 'GET', url: '/v1/schedules' },
    { method: 'GET', url: '/v1/schedules/nightly' },
    { method: 'PUT', url: '/v1/schedules/nightly', headers: JSON_TYPE, payload: JSON.stringify(NIGHTLY) },
    { method: 'POST', url: '/v1/schedules/nightly/pause' },
    { method: 'POST', url: '/v1/schedules/nightly/resume' },
    { method: 'POST', url: '/v1/schedules/nightly/run' },
    { method: 'DELETE', url: '/v1/schedules/nightly' },
  ] as const;
  const without = createRecorder({ features: [] });
  const away = createRecorder();
  away.store.isAway = true;
  const guarded = createRecorder({ token: 'secret' });
  for (const operation of operations) {
    const statuses = [without, away, guarded].map(async ({ send }) => (await send(operation)).statusCode);
    expect(await Promise.all(statuses), `${operation.method} ${operation.url}`).toEqual([422, 503, 401]);
  }
});
