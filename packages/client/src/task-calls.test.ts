import { describe, expect, it } from 'vitest';
import { RECORDER_URL, mockRecorder } from '../test/mocked-recorder.ts';
import { quickEnvironment } from '../test/quick-environment.ts';
import { problemAnswer, taskSummary } from '../test/task-summary.ts';
import { createClientIn } from './create-client.ts';
import { DispatchrUnreachableError } from './errors/dispatchr-unreachable-error.ts';

const ID = 'order-1842:receipt~ü/?';
const PATH = '/v1/tasks/order-1842%3Areceipt~%C3%BC%2F%3F';

const recorder = mockRecorder();
const client = () => createClientIn(quickEnvironment(), { url: `${RECORDER_URL}/` });
const unavailable = () => problemAnswer('database-unavailable');
const sent = () => recorder.seen.map(({ method, path }) => `${method} ${path}`);

describe('reading and operating a task', () => {
  it('reads a task', async () => {
    recorder.script(() => Response.json({ ...taskSummary(), taskArgs: { orderId: 1842 } }));
    expect(await client().get(ID)).toMatchObject({ state: 'pending', taskArgs: { orderId: 1842 } });
    expect(sent()).toEqual([`GET ${PATH}`]);
  });

  it.each(['cancel', 'run', 'retry'] as const)('posts to %s without a body', async (operation) => {
    recorder.script(() => Response.json(taskSummary()));
    expect(await client()[operation](ID)).toEqual(taskSummary());
    expect(sent()).toEqual([`POST ${PATH}/${operation}`]);
    expect(recorder.seen[0]?.text).toBe('');
  });

  it('deletes a task', async () => {
    recorder.script(() => new Response(null, { status: 204 }));
    expect(await client().delete(ID)).toBeUndefined();
    expect(sent()).toEqual([`DELETE ${PATH}`]);
  });

  it('reads discovery', async () => {
    recorder.script(() => Response.json({ specVersions: ['1.0'] }));
    expect(await client().discovery()).toEqual({ specVersions: ['1.0'] });
    expect(sent()).toEqual(['GET /.well-known/dispatchr']);
  });

  it.each(['get', 'cancel'] as const)('repeats %s, which changes nothing the second time', async (call) => {
    recorder.script('lost', unavailable, () => Response.json(taskSummary()));
    expect(await client()[call](ID)).toEqual(taskSummary());
    expect(recorder.seen).toHaveLength(3);
  });

  it.each(['run', 'retry', 'delete'] as const)('sends %s once', async (call) => {
    recorder.script('lost', () => Response.json(taskSummary()));
    await expect(client()[call](ID)).rejects.toThrow(DispatchrUnreachableError);
    recorder.script(unavailable, () => Response.json(taskSummary()));
    await expect(client()[call](ID)).rejects.toMatchObject({ problem: 'database-unavailable' });
    expect(recorder.seen).toHaveLength(2);
  });
});
