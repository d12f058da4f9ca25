import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TARGET = 'http://127.0.0.1:3000/tasks';
const TASK = { target: TARGET, taskName: 'send-receipt' };

describe('a batch', () => {
  test('is recorded as a whole, in order', async () => {
    const { post, store } = createCheckedRecorder();
    const text = `{"tasks":[{"target":"${TARGET}","taskName":"n","taskArgs":[1e400]},{"target":"${TARGET}","taskName":"m","id":"b"}]}`;
    const first = await post('/v1/tasks/batch', text);
    expect(first.statusCode).toBe(201);
    expect(first.json().tasks).toMatchObject([
      { created: true, task: { id: 'made-1' } },
      { created: true, task: { id: 'b' } },
    ]);
    expect(store.submitted[0]?.taskArgs).toBe('[1e400]');
    const again = await post('/v1/tasks/batch', { tasks: [{ taskName: 'm', id: 'b', target: TARGET }] });
    expect([again.statusCode, again.json().tasks[0].created]).toEqual([200, false]);
    const alone = await post('/v1/tasks', { taskName: 'm', id: 'b', target: TARGET });
    expect(alone.statusCode).toBe(200);
  });

  test('with other content for an id is a 409 that points at it', async () => {
    const { post } = createCheckedRecorder();
    await post('/v1/tasks', { ...TASK, id: 'b' });
    const response = await post('/v1/tasks/batch', { tasks: [TASK, { ...TASK, id: 'b', priority: 1 }] });
    expect(response.statusCode).toBe(409);
    expect(response.json().errors).toMatchObject([{ pointer: '/tasks/1/id' }]);
  });

  test.each<[string, unknown, string[]]>([
    ['an id twice', { tasks: [{ ...TASK, id: 'a' }, TASK, { ...TASK, id: 'a' }] }, ['/tasks/2/id']],
    ['no tasks', { tasks: [] }, ['/tasks']],
    ['1,001 tasks', { tasks: Array.from({ length: 1001 }, () => TASK) }, ['/tasks']],
    ['a member of no batch', { tasks: [TASK], atomic: true }, ['/atomic']],
    ['an array', [TASK], ['']],
    [
      'several things wrong in several tasks',
      { tasks: [{ ...TASK, queue: '' }, TASK, { target: 'ftp://a', retry: { jitter: 2 }, dueAt: 'x' }, 1] },
      [
        '/tasks/0/queue',
        '/tasks/2/target',
        '/tasks/2/dueAt',
        '/tasks/2/retry/jitter',
        '/tasks/3',
        '/tasks/2/taskName',
      ],
    ],
  ])('with %s is refused, every place named', async (_name, body, pointers) => {
    const { post, store } = createCheckedRecorder();
    const response = await post('/v1/tasks/batch', body);
    expect(response.statusCode).toBe(400);
    const found = response.json().errors.map(({ pointer }: { pointer: string }) => pointer);
    expect(found.toSorted()).toEqual(pointers.toSorted());
    expect(store.submitted).toEqual([]);
  });

  test('with very many faults is refused for the first of them', async () => {
    const { post } = createCheckedRecorder();
    const response = await post('/v1/tasks/batch', { tasks: Array.from({ length: 30_000 }, () => 1) });
    expect(response.json().errors).toMatchObject([
      { pointer: '/tasks', detail: expect.stringContaining('at most 1000') },
    ]);
    const bomb = await post('/v1/tasks/batch', { tasks: Array.from({ length: 300_000 }, () => 1) });
    expect(bomb.json().errors).toMatchObject([{ pointer: '/tasks' }]);
  });

  test('is refused when a target of it is blocked or a task of it is too large', async () => {
    const { post, store } = createCheckedRecorder({ limits: { maxTaskBytes: 65_536 } });
    const blocked = await post('/v1/tasks/batch', {
      tasks: [TASK, { ...TASK, target: 'http://169.254.169.254/' }],
    });
    expect(blocked.statusCode).toBe(422);
    expect(blocked.json().errors).toMatchObject([{ pointer: '/tasks/1/target' }]);
    const large = await post('/v1/tasks/batch', { tasks: [TASK, { ...TASK, taskArgs: 'x'.repeat(65_536) }] });
    expect(large.statusCode).toBe(413);
    expect(large.json()).toMatchObject({ limitBytes: 65_536, detail: expect.stringContaining('/tasks/1') });
    expect(store.submitted).toEqual([]);
  });

  test('takes no Idempotency-Key', async () => {
    const { post } = createCheckedRecorder();
    const response = await post('/v1/tasks/batch', { tasks: [TASK] }, { 'idempotency-key': '"k"' });
    expect(response.json().errors).toEqual([
      {
        parameter: 'Idempotency-Key',
        detail: 'expected no key with a batch, got "k"; give each task an "id" instead',
      },
    ]);
  });
});
