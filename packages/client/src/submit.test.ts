import { describe, expect, expectTypeOf, it } from 'vitest';
import { RECORDER_URL, mockRecorder } from '../test/mocked-recorder.ts';
import { quickEnvironment } from '../test/quick-environment.ts';
import { problemAnswer, taskSummary } from '../test/task-summary.ts';
import { createClientIn } from './create-client.ts';
import type { ClientOptions } from './client-options.ts';
import { DispatchrError } from './errors/dispatchr-error.ts';
import { DispatchrUnreachableError } from './errors/dispatchr-unreachable-error.ts';
import type { Submission } from './submission.ts';

const UUID_7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TASK = { target: 'http://127.0.0.1:8000/tasks', taskName: 'send-receipt', taskArgs: { orderId: 1842 } };

const recorder = mockRecorder();
const created = () => Response.json(taskSummary(), { status: 201 });
const unavailable = (seconds: string) => () =>
  problemAnswer('database-unavailable', {}, { 'retry-after': seconds });

function rig(options: ClientOptions = {}) {
  const environment = quickEnvironment();
  return { environment, client: createClientIn(environment, { url: RECORDER_URL, ...options }) };
}

const idsSent = () => recorder.seen.map(({ text }) => (JSON.parse(text) as { id?: string }).id);

describe('submit', () => {
  it('sends the task and resolves with what the recorder made of it', async () => {
    recorder.script(created);
    const { client, environment } = rig({ token: 'open-sesame' });
    const task = await client.submit({ ...TASK, id: 'order-1842:receipt', dueAt: new Date(0) });
    expect(task).toEqual(taskSummary());
    expect(environment.pauses).toEqual([]);
    const [request] = recorder.seen;
    expect(request).toMatchObject({ method: 'POST', path: '/v1/tasks' });
    expect(request?.headers.get('authorization')).toBe('Bearer open-sesame');
    expect(request?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(request?.text ?? '')).toEqual({
      ...TASK,
      id: 'order-1842:receipt',
      dueAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('repeats after 503 and a lost connection with the same text, and the id it chose', async () => {
    recorder.script(unavailable('1'), 'lost', created);
    const { client, environment } = rig();
    await client.submit({ ...TASK });
    expect(new Set(recorder.seen.map(({ text }) => text)).size).toBe(1);
    expect(idsSent()).toEqual([expect.stringMatching(UUID_7), idsSent()[0], idsSent()[0]]);
    expect(environment.pauses).toEqual([1000, 1000]);
  });

  it('waits as long as Retry-After asks, also as a date', async () => {
    const date = 'Sun, 22 Nov 2026 10:00:00 GMT';
    const later = () =>
      problemAnswer('database-unavailable', {}, { date, 'retry-after': 'Sun, 22 Nov 2026 10:00:07 GMT' });
    recorder.script(later, unavailable('soon'), created);
    const { client, environment } = rig();
    await client.submit({ ...TASK });
    expect(environment.pauses).toEqual([7000, 1000]);
  });

  it('gives up after five tries, with pauses that double', async () => {
    recorder.script('lost');
    const { client, environment } = rig();
    const error: unknown = await client.submit(TASK).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DispatchrUnreachableError);
    expect(error).toMatchObject({ url: RECORDER_URL, tries: 5, cause: expect.any(TypeError) as unknown });
    expect(environment.pauses).toEqual([500, 1000, 2000, 4000]);
  });

  it('begins no pause that would end beyond the bound, and shows the last answer', async () => {
    recorder.script(unavailable('31'), created);
    const error: unknown = await rig()
      .client.submit(TASK)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DispatchrError);
    expect(error).toMatchObject({ status: 503, problem: 'database-unavailable' });
    expect(recorder.seen).toHaveLength(1);
  });

  it('is sent once with `retry: false`', async () => {
    recorder.script('lost', created);
    await expect(rig({ retry: false }).client.submit(TASK)).rejects.toThrow(
      /whether it took effect is not known/,
    );
    expect(recorder.seen).toHaveLength(1);
  });

  it('does not repeat what the recorder refuses', async () => {
    recorder.script(() => problemAnswer('task-id-conflict'), created);
    await expect(rig().client.submit({ ...TASK, id: 'a' })).rejects.toMatchObject({ status: 409 });
    expect(recorder.seen).toHaveLength(1);
  });

  it('sends an idempotency key in quotes, and then no id', async () => {
    recorder.script('lost', created);
    await rig().client.submit(TASK, { idempotencyKey: String.raw`a "b" \c` });
    expect(recorder.seen.map(({ headers }) => headers.get('idempotency-key'))).toEqual(
      Array(2).fill(String.raw`"a \"b\" \\c"`),
    );
    expect(idsSent()).toEqual([undefined, undefined]);
  });

  it('refuses an idempotency key that no header can carry', async () => {
    await expect(rig().client.submit(TASK, { idempotencyKey: 'é' })).rejects.toThrow(TypeError);
    expect(recorder.seen).toEqual([]);
  });

  it('asks the recorder to wait, in whole seconds, and for what is left of it when it repeats', async () => {
    recorder.script(unavailable('2'), created);
    await rig().client.submit(TASK, { waitMs: 9500 });
    expect(recorder.seen.map(({ headers }) => headers.get('prefer'))).toEqual(['wait=10', 'wait=8']);
  });

  it('carries the trace context', async () => {
    recorder.script(created);
    await rig().client.submit(TASK, { traceparent: '00-0-0-01', tracestate: 'rojo=1' });
    expect(recorder.seen[0]?.headers.get('traceparent')).toBe('00-0-0-01');
    expect(recorder.seen[0]?.headers.get('tracestate')).toBe('rojo=1');
  });

  it('keeps each digit of a bigint, where the platform can', async () => {
    recorder.script(created);
    await rig().client.submit({ ...TASK, taskArgs: { n: 9_007_199_254_740_993n } });
    expect(recorder.seen[0]?.text).toContain('"taskArgs":{"n":9007199254740993}');
  });

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController();
    recorder.script(() => {
      controller.abort(new Error('enough'));
      return problemAnswer('database-unavailable');
    });
    await expect(rig().client.submit(TASK, { signal: controller.signal })).rejects.toThrow('enough');
    expect(recorder.seen).toHaveLength(1);
  });

  it('stops with that reason also while a try is under way, the last one too', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    recorder.script(() => {
      controller.abort(reason);
      return new Promise<Response>(() => {});
    });
    const { client } = rig({ retry: false });
    await expect(client.submit(TASK, { signal: controller.signal })).rejects.toBe(reason);
  });

  it('takes no answer in time for a lost connection', async () => {
    const never = () => new Promise<Response>(() => {});
    recorder.script(never, created);
    const environment = quickEnvironment({ deadlineMs: Infinity });
    const fetch = (request: Request) => globalThis.fetch(request);
    const client = createClientIn(environment, {
      url: RECORDER_URL,
      fetch,
      retry: { maxTries: 1 },
      timeoutMs: 70,
    });
    await expect(client.submit(TASK)).rejects.toThrow(/expected an answer within 70 ms, got none/);
  });

  it('types the arguments', () => {
    type Receipt = Submission<{ orderId: number }>;
    expectTypeOf<Receipt['taskArgs']>().toEqualTypeOf<{ orderId: number } | undefined>();
    // @ts-expect-error -- an order's id is a number
    void (() => rig().client.submit<{ orderId: number }>({ ...TASK, taskArgs: { orderId: '1842' } }));
    // @ts-expect-error -- a target is required
    void ((): Receipt => ({ taskName: 'send-receipt' }));
  });
});

describe('submitBatch', () => {
  it('gives each task an id and repeats with the same ids', async () => {
    const result = { tasks: [{ created: true, task: taskSummary() }] };
    recorder.script('lost', () => Response.json(result, { status: 201 }));
    expect(await rig().client.submitBatch([TASK, { ...TASK, id: 'mine' }])).toEqual(result);
    const [first, second] = recorder.seen.map(
      ({ text }) => (JSON.parse(text) as { tasks: { id: string }[] }).tasks,
    );
    expect(first?.map(({ id }) => id)).toEqual([expect.stringMatching(UUID_7), 'mine']);
    expect(second).toEqual(first);
    expect(recorder.seen[0]?.path).toBe('/v1/tasks/batch');
  });
});
