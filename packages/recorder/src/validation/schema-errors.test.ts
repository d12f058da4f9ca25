import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TASK = { target: 'http://127.0.0.1:3000/tasks', taskName: 'send-receipt' };

describe('a target that is no http or https URL', () => {
  const expected = 'expected an absolute http or https URL such as http://127.0.0.1:8000/tasks';

  test.each<[string, unknown]>([
    ['"127.0.0.1:8000/tasks"', '127.0.0.1:8000/tasks'],
    ['"localhost:8000/tasks"', 'localhost:8000/tasks'],
    ['"/tasks"', '/tasks'],
    ['""', ''],
    ['"ftp://a/"', 'ftp://a/'],
    ['"http://"', 'http://'],
    ['"http://256.1.1.1/"', 'http://256.1.1.1/'],
    [`"${'a'.repeat(80)}"… (3000 characters)`, 'a'.repeat(3000)],
    ['5', 5],
  ])('is told so once: %s', async (got, target) => {
    const { post } = createCheckedRecorder();
    const alone = await post('/v1/tasks', { ...TASK, target });
    expect(alone.json()).toMatchObject({
      detail: `/target: ${expected}, got ${got}`,
      errors: [{ pointer: '/target', detail: `${expected}, got ${got}` }],
    });
    expect(alone.json().errors).toHaveLength(1);
    const batch = await post('/v1/tasks/batch', { tasks: [TASK, { ...TASK, target }] });
    expect(batch.json().errors).toEqual([{ pointer: '/tasks/1/target', detail: `${expected}, got ${got}` }]);
  });

  test('is told so as a filter of a list too', async () => {
    const { get } = createCheckedRecorder();
    expect((await get('/v1/tasks?target=app')).json().errors).toEqual([
      { parameter: 'target', detail: `${expected}, got "app"` },
    ]);
  });
});

test.each([
  ['http://a.example/#part', 'a URL without a fragment, got "http://a.example/#part"'],
  ['http://a.example/a b', 'a URL without white space and control characters, got "http://a.example/a b"'],
])('the target %s is refused for what is wrong with it', async (target, message) => {
  const { post } = createCheckedRecorder();
  const { errors } = (await post('/v1/tasks', { ...TASK, target })).json();
  expect(errors).toEqual([{ pointer: '/target', detail: expect.stringContaining(`expected ${message}`) }]);
});

test.each([
  'http://me:hunter2@a.example/',
  'http://me:hunter2@a.example/a b#c',
  'http:me:hunter2@a.example/',
  'ftp://me:hunter2@a.example/',
  'me:hunter2@a.example/tasks',
])('the password in the target %s is not repeated', async (target) => {
  const { post } = createCheckedRecorder();
  const response = await post('/v1/tasks', { ...TASK, target });
  expect(response.json().detail).toBe(
    '/target: expected a URL without userinfo, got one with "@"; credentials belong in "headers"',
  );
});

test.each([
  ['POST', '/v1/tasks/a/cancel', '/soon'],
  ['POST', '/v1/tasks/a/run', '/soon'],
  ['POST', '/v1/tasks/a/retry', '/soon'],
  ['DELETE', '/v1/tasks/a', '/soon'],
] as const)('%s %s with a member is told that it takes none', async (method, url, pointer) => {
  const { send } = createCheckedRecorder();
  const headers = { 'content-type': 'application/json' };
  const response = await send({ method, url, headers, payload: '{"soon":true}' });
  expect(response.json().errors).toEqual([
    {
      pointer,
      detail: 'expected no members, because this operation takes none, got "soon"; send no body or {}',
    },
  ]);
});
