import { expect, test } from 'vitest';
import { createCheckedRecorder } from '../../test/checked-recorder.ts';

const TASK = { id: 'a', target: 'http://127.0.0.1:3000/tasks', taskName: 'send-receipt' };

test('a pending task shows why it waits', async () => {
  const { post, get, store } = createCheckedRecorder();
  await post('/v1/tasks', TASK);
  const [recorded] = store.recorded;
  if (recorded) recorded.waiting = { reason: 'queue-rate', until: new Date('2026-11-22T14:50:00.123Z') };
  expect((await get('/v1/tasks/a')).json()).toMatchObject({
    waiting: { reason: 'queue-rate', until: '2026-11-22T14:50:00.123Z' },
  });
  if (recorded) recorded.waiting = { reason: 'ready', before: 0 };
  expect((await get('/v1/tasks/a')).json().waiting).toEqual({ reason: 'ready', before: 0 });
});

test('a task that is not pending shows no reason, and lists show none', async () => {
  const { post, get, store } = createCheckedRecorder();
  await post('/v1/tasks', TASK);
  store.change('a', { state: 'running' });
  expect((await get('/v1/tasks/a')).json()).not.toHaveProperty('waiting');
  expect((await get('/v1/tasks')).json().tasks[0]).not.toHaveProperty('waiting');
});
