import { expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';
import { JSON_TYPE, start, submit, TASK } from '../../test/started-recorder.ts';

const BODY = JSON.parse(TASK) as object;

test('a submit that waits is answered with the task as it is when it ends', async () => {
  const { post, store } = createCheckedRecorder();
  const answer = post('/v1/tasks', BODY, { prefer: 'wait=5' });
  await expect.poll(() => store.waits).toMatchObject([{ timeoutMs: 5000 }]);
  const [task] = store.recorded.map((recorded) => recorded.task);
  if (task) store.waits[0]?.resolve({ ...task, state: 'completed', finishedAt: new Date(0) });
  const response = await answer;
  expect(response.statusCode).toBe(201);
  expect(response.headers.location).toBe('/v1/tasks/made-1');
  expect(response.json()).toMatchObject({ state: 'completed', finishedAt: '1970-01-01T00:00:00.000Z' });
});

test('a repeated submit waits too, and no longer than the declared limit', async () => {
  const { post, store } = createCheckedRecorder({ limits: { maxWaitMs: 1500 } });
  const task = { ...BODY, id: 'a' };
  await post('/v1/tasks', task);
  const answer = post('/v1/tasks', task, { prefer: 'wait=86400' });
  await expect.poll(() => store.waits).toMatchObject([{ timeoutMs: 1500 }]);
  const [recorded] = store.recorded;
  if (recorded) store.waits[0]?.resolve(recorded.task);
  expect((await answer).statusCode).toBe(200);
});

test.each(['wait=0', 'wait=soon', 'respond-async'])('%s is answered at once', async (prefer) => {
  const { post, store } = createCheckedRecorder();
  expect((await post('/v1/tasks', BODY, { prefer })).statusCode).toBe(201);
  expect(store.waits).toEqual([]);
});

test('a batch that asks to wait is refused', async () => {
  const { post, store } = createCheckedRecorder();
  const response = await post('/v1/tasks/batch', { tasks: [BODY] }, { prefer: 'wait=1' });
  expect(response.statusCode).toBe(400);
  expect(response.json().errors).toMatchObject([{ parameter: 'Prefer' }]);
  expect(store.submitted).toEqual([]);
});

test('a recorder that closes answers those who wait', async () => {
  const { url, store, close, endConnections } = await start();
  const answer = submit(url, TASK, { ...JSON_TYPE, prefer: 'wait=60' });
  await expect.poll(() => store.waits).toHaveLength(1);
  endConnections();
  const closed = close();
  expect((await answer).status).toBe(201);
  await closed;
});

test('a producer that is gone is waited for no longer', async () => {
  const { url, store } = await start();
  const producer = new AbortController();
  const headers = { ...JSON_TYPE, prefer: 'wait=60' };
  const answer = fetch(`${url}/v1/tasks`, { method: 'POST', headers, body: TASK, signal: producer.signal });
  await expect.poll(() => store.waits).toHaveLength(1);
  producer.abort();
  await expect(answer).rejects.toThrow('aborted');
  await expect.poll(() => store.waits[0]?.signal.aborted).toBe(true);
});
