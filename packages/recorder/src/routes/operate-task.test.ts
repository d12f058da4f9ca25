import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TARGET = 'http://127.0.0.1:3000/tasks';
const TASK = { target: TARGET, taskName: 'send-receipt' };

describe('an operation on a task', () => {
  const operate = async (state: string | undefined, method: 'POST' | 'DELETE', path: string) => {
    const recorder = createCheckedRecorder();
    if (state !== undefined) {
      await recorder.post('/v1/tasks', { ...TASK, id: 'a' });
      recorder.store.change('a', { state: state as 'pending' });
    }
    return recorder.send({ method, url: `/v1/tasks/a${path}` });
  };

  test.each([
    ['pending', 'POST', '/cancel', 200],
    ['running', 'POST', '/cancel', 202],
    ['cancelled', 'POST', '/cancel', 200],
    ['completed', 'POST', '/cancel', 409],
    ['failed', 'POST', '/cancel', 409],
    ['pending', 'POST', '/run', 200],
    ['running', 'POST', '/run', 409],
    ['failed', 'POST', '/retry', 200],
    ['pending', 'POST', '/retry', 409],
    ['completed', 'DELETE', '', 204],
    ['running', 'DELETE', '', 409],
    [undefined, 'POST', '/cancel', 404],
    [undefined, 'POST', '/run', 404],
    [undefined, 'POST', '/retry', 404],
    [undefined, 'DELETE', '', 404],
  ] as const)('that is %s: %s %s is %d', async (state, method, path, status) => {
    const response = await operate(state, method, path);
    expect(response.statusCode).toBe(status);
    if (status === 409) expect(response.json().state).toBe(state);
    if (status === 202) expect(response.json().cancelRequestedAt).toBe('1970-01-01T00:00:00.001Z');
  });

  test('takes an empty body in every form, and no other', async () => {
    const { post, send } = createCheckedRecorder();
    await post('/v1/tasks', { ...TASK, id: 'a' });
    const url = '/v1/tasks/a/run';
    const form = { 'content-type': 'application/x-www-form-urlencoded', 'content-length': '0' };
    const answers = [
      await post(url, {}),
      await post(url, ''),
      await send({ method: 'POST', url, headers: form }),
      await post(url, { soon: true }),
      await post(url, []),
    ];
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 400, 400]);
  });

  test('that is a delete takes an empty body in every form, and no other', async () => {
    const { post, send, store } = createCheckedRecorder();
    const json = { 'content-type': 'application/json' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const remove = async (headers: Record<string, string>, payload?: string) => {
      await post('/v1/tasks', { ...TASK, id: 'a' });
      store.change('a', { state: 'completed' });
      return send({
        method: 'DELETE',
        url: '/v1/tasks/a',
        headers,
        ...(payload !== undefined && { payload }),
      });
    };
    const answers = [
      await remove({}),
      await remove(json),
      await remove(json, '{}'),
      await remove(form),
      await remove({ ...form, 'content-length': '0' }),
      await remove(json, '{"force":true}'),
      await remove(json, '[]'),
      await remove(json, '{'),
      await remove(json, `"${'a'.repeat(2_000_000)}"`),
      await remove(form, 'force=true'),
    ];
    const statuses = answers.map(({ statusCode }) => statusCode);
    expect(statuses).toEqual([204, 204, 204, 204, 204, 400, 400, 400, 413, 415]);
  });

  test.each([
    ['does not exist', '/v1/tasks/none'],
    ['cannot exist', '/v1/tasks/a%20b'],
    ['has a NUL', '/v1/tasks/%00/attempts'],
    ['is not percent-encoded', '/v1/tasks/%zz'],
    ['is far too long', `/v1/tasks/${'a'.repeat(2000)}`],
  ])('whose id %s is a 404', async (_name, url) => {
    const { get } = createCheckedRecorder();
    expect((await get(url)).statusCode).toBe(404);
  });
});
