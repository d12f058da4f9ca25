import { describe, expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TARGET = 'http://127.0.0.1:3000/tasks';
const TASK = { target: TARGET, taskName: 'send-receipt' };

describe('lists', () => {
  test('of tasks go from page to page, newest first, and filter', async () => {
    const { post, get } = createCheckedRecorder();
    for (const id of ['a', 'b', 'c'])
      await post('/v1/tasks', { ...TASK, id, queue: id === 'b' ? 'other' : 'default' });
    const idsOf = (body: { tasks: { id: string }[] }) => body.tasks.map(({ id }) => id);
    const first = (await get('/v1/tasks?limit=2')).json();
    const second = (await get(`/v1/tasks?limit=2&cursor=${first.nextCursor}`)).json();
    expect([idsOf(first), idsOf(second), second.nextCursor]).toEqual([['c', 'b'], ['a'], undefined]);
    const filtered = await get(`/v1/tasks?queue=default&state=pending&target=${encodeURIComponent(TARGET)}`);
    expect(idsOf(filtered.json())).toEqual(['c', 'a']);
  });

  test('of attempts go from page to page, oldest first', async () => {
    const { post, get, store } = createCheckedRecorder();
    await post('/v1/tasks', { ...TASK, id: 'a' });
    const end = { scheduler: 's', startedAt: new Date(0), endedAt: new Date(5), durationMs: 5 } as const;
    store.recorded[0]?.attempts.push(
      { ...end, attempt: 1, outcome: 'retryable', errorCode: 'timeout', errorMessage: 'late' },
      { ...end, attempt: 2, outcome: 'completed', status: 204 },
    );
    const first = (await get('/v1/tasks/a/attempts?limit=1')).json();
    const second = (await get(`/v1/tasks/a/attempts?limit=1&cursor=${first.nextCursor}`)).json();
    expect(first.attempts).toEqual([
      {
        attempt: 1,
        scheduler: 's',
        startedAt: '1970-01-01T00:00:00.000Z',
        endedAt: '1970-01-01T00:00:00.005Z',
        durationMs: 5,
        outcome: 'retryable',
        errorCode: 'timeout',
        errorMessage: 'late',
      },
    ]);
    expect(second.attempts).toMatchObject([{ attempt: 2, status: 204 }]);
    expect(second).not.toHaveProperty('nextCursor');
  });

  test('without a limit have as many items as a smaller maxPageSize allows', async () => {
    const { post, get } = createCheckedRecorder({ limits: { maxPageSize: 1 } });
    for (const id of ['a', 'b']) await post('/v1/tasks', { ...TASK, id });
    const page = (await get('/v1/tasks')).json();
    expect(page).toMatchObject({ tasks: [{ id: 'b' }], nextCursor: expect.any(String) });
    expect((await get('/v1/tasks/a/attempts')).json()).toEqual({ attempts: [] });
    expect((await get('/v1/tasks?limit=2')).json().errors).toMatchObject([{ parameter: 'limit' }]);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=1001', 'limit'],
    ['limit=ten', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['cursor=%21', 'cursor'],
    ['cursor=MTg0Mg%3D', 'cursor'],
    ['state=done', 'state'],
    ['order=asc', 'order'],
    ['taskName=%00', 'taskName'],
    ['createdAfter=yesterday', 'createdAfter'],
    ['createdBefore=2026-02-30T00:00:00Z', 'createdBefore'],
    ['createdAfter=1969-12-31T23:59:59Z', 'createdAfter'],
    ['createdBefore=9999-12-31T23:59:59-01:00', 'createdBefore'],
  ])('with %s are refused by the parameter', async (query, parameter) => {
    const { get } = createCheckedRecorder();
    const response = await get(`/v1/tasks?${query}`);
    expect(response.statusCode).toBe(400);
    expect(response.json().errors).toMatchObject([
      { parameter, detail: expect.stringContaining('expected') },
    ]);
  });
});
