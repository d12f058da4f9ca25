import { describe, expect, it } from 'vitest';
import { RECORDER_URL, mockRecorder } from '../test/mocked-recorder.ts';
import { quickEnvironment } from '../test/quick-environment.ts';
import { problemAnswer, taskSummary } from '../test/task-summary.ts';
import { createClientIn } from './create-client.ts';

const recorder = mockRecorder();
const client = () => createClientIn(quickEnvironment(), { url: RECORDER_URL });
const paths = () => recorder.seen.map(({ path }) => path);
const page =
  (name: string, ids: string[], nextCursor?: string): (() => Response) =>
  () =>
    Response.json({ [name]: ids.map((id) => ({ id })), ...(nextCursor === undefined ? {} : { nextCursor }) });

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('lists', () => {
  it('go through all pages with the filter of the first, empty ones too', async () => {
    recorder.script(page('tasks', ['a', 'b'], 'c1'), page('tasks', [], 'c2'), page('tasks', ['c']));
    const filter = {
      state: 'pending',
      target: 'http://a/?b=c+d&e',
      limit: 2,
      createdAfter: new Date(0),
    } as const;
    expect(await collect(client().list(filter))).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }]);
    const query =
      '/v1/tasks?state=pending&target=http%3A%2F%2Fa%2F%3Fb%3Dc%2Bd%26e&limit=2&createdAfter=1970-01-01T00%3A00%3A00.000Z';
    expect(paths()).toEqual([query, `${query}&cursor=c1`, `${query}&cursor=c2`]);
  });

  it('ask for no more pages than are read', async () => {
    recorder.script(page('tasks', ['a', 'b'], 'c1'));
    for await (const task of client().list()) if (task.id === 'b') break;
    expect(paths()).toEqual(['/v1/tasks']);
  });

  it('begin anew with each iteration', async () => {
    recorder.script(page('tasks', ['a']));
    const list = client().list();
    expect(await collect(list)).toEqual(await collect(list));
    expect(paths()).toEqual(['/v1/tasks', '/v1/tasks']);
  });

  it('come in pages too', async () => {
    recorder.script(page('tasks', ['a'], 'c1'), page('tasks', ['b']));
    expect(await collect(client().list().pages())).toEqual([
      { items: [{ id: 'a' }], nextCursor: 'c1' },
      { items: [{ id: 'b' }] },
    ]);
  });

  it('repeat a page that is lost or not to be had', async () => {
    const unavailable = () => problemAnswer('database-unavailable');
    recorder.script(page('tasks', ['a'], 'c1'), 'lost', unavailable, page('tasks', ['b']));
    expect(await collect(client().list())).toEqual([{ id: 'a' }, { id: 'b' }]);
  });

  it('are there for attempts, queues and targets', async () => {
    recorder.script(page('attempts', ['a']), page('queues', ['b']), page('targets', ['c']));
    expect(await collect(client().attempts('x/y', { limit: 5 }))).toHaveLength(1);
    expect(await collect(client().queues())).toHaveLength(1);
    expect(await collect(client().targets({ origin: 'http://a' }))).toHaveLength(1);
    expect(paths()).toEqual([
      '/v1/tasks/x%2Fy/attempts?limit=5',
      '/v1/queues',
      '/v1/targets?origin=http%3A%2F%2Fa',
    ]);
  });

  it('stop with the reason of the signal', async () => {
    const controller = new AbortController();
    recorder.script(page('tasks', ['a'], 'c1'));
    const list = client().list({}, { signal: controller.signal });
    const reading = (async () => {
      for await (const { id } of list) controller.abort(new Error(`enough of ${id}`));
    })();
    await expect(reading).rejects.toThrow('enough of a');
  });
});

describe('wait', () => {
  it('reads the task with growing pauses until it is terminal', async () => {
    const environment = quickEnvironment();
    const pending = () => Response.json(taskSummary());
    recorder.script(pending, pending, pending, () => Response.json(taskSummary({ state: 'failed' })));
    const task = await createClientIn(environment, { url: RECORDER_URL }).wait('a');
    expect(task.state).toBe('failed');
    expect(environment.pauses).toEqual([50, 75, 112.5]);
  });

  it('answers with the task as it is when the time is over', async () => {
    const environment = quickEnvironment();
    recorder.script(() => Response.json(taskSummary({ state: 'running' })));
    const task = await createClientIn(environment, { url: RECORDER_URL }).wait('a', { timeoutMs: 100 });
    expect(task.state).toBe('running');
    expect(environment.pauses).toEqual([50, 50]);
  });

  it('stops with the reason of its signal', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    recorder.script(() => Response.json(taskSummary()));
    await expect(client().wait('a', { signal })).rejects.toThrow('enough');
  });
});
