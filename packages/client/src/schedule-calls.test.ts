import { describe, expect, it } from 'vitest';
import { RECORDER_URL, mockRecorder } from '../test/mocked-recorder.ts';
import { quickEnvironment } from '../test/quick-environment.ts';
import { schedule } from '../test/schedule.ts';
import { problemAnswer, taskSummary } from '../test/task-summary.ts';
import { createClientIn } from './create-client.ts';
import { DispatchrError } from './errors/dispatchr-error.ts';
import { DispatchrUnreachableError } from './errors/dispatchr-unreachable-error.ts';

const NAME = 'nightly-report';
const PATH = `/v1/schedules/${NAME}`;
const SETTINGS = {
  cron: '30 2 * * *',
  timeZone: 'Europe/Berlin',
  task: { target: 'http://127.0.0.1:8000/tasks', taskName: 'nightly-report', taskArgs: { days: 1 } },
  missedTicks: 'skip',
  overlap: 'skip',
} as const;

const recorder = mockRecorder();
const schedules = () => createClientIn(quickEnvironment(), { url: RECORDER_URL }).schedules;
const unavailable = () => problemAnswer('database-unavailable', {}, { 'retry-after': '1' });
const notFound = () => problemAnswer('schedule-not-found');
const found = () => Response.json(schedule());
const deleted = () => new Response(null, { status: 204 });
const sent = () => recorder.seen.map(({ method, path }) => `${method} ${path}`);

describe('schedules', () => {
  it('are put with all that was given, by their name', async () => {
    recorder.script(found);
    expect(await schedules().put('a/b', SETTINGS)).toEqual(schedule());
    expect(sent()).toEqual(['PUT /v1/schedules/a%2Fb']);
    expect(recorder.seen[0]?.headers.get('content-type')).toBe('application/json');
    expect(JSON.parse(recorder.seen[0]?.text ?? '')).toEqual(SETTINGS);
  });

  it('are read', async () => {
    recorder.script(found);
    expect(await schedules().get(NAME)).toEqual(schedule());
    expect(sent()).toEqual([`GET ${PATH}`]);
  });

  it('are listed page by page', async () => {
    const page = (name: string, nextCursor?: string) => () =>
      Response.json({ schedules: [schedule({ name })], nextCursor });
    recorder.script(page('a', 'c1'), 'lost', page('b'));
    const names: string[] = [];
    for await (const { name } of schedules().list({ limit: 1 })) names.push(name);
    expect(names).toEqual(['a', 'b']);
    const next = 'GET /v1/schedules?limit=1&cursor=c1';
    expect(sent()).toEqual(['GET /v1/schedules?limit=1', next, next]);
  });

  it.each(['pause', 'resume'] as const)('are told to %s without a body', async (operation) => {
    recorder.script(() => Response.json(schedule({ paused: operation === 'pause' })));
    expect((await schedules()[operation](NAME)).paused).toBe(operation === 'pause');
    expect(sent()).toEqual([`POST ${PATH}/${operation}`]);
    expect(recorder.seen[0]?.text).toBe('');
  });

  it('are run, which answers with the task', async () => {
    recorder.script(() => Response.json(taskSummary({ taskName: NAME }), { status: 201 }));
    expect((await schedules().run(NAME)).taskName).toBe(NAME);
    expect(sent()).toEqual([`POST ${PATH}/run`]);
  });

  it('are deleted', async () => {
    recorder.script(deleted);
    expect(await schedules().delete(NAME)).toBeUndefined();
    expect(sent()).toEqual([`DELETE ${PATH}`]);
  });

  it('keep each digit of a bigint in the arguments, and what they were when they were put', async () => {
    const taskArgs = { orderId: 12_345_678_901_234_567_890n, note: 'first' };
    recorder.script(unavailable, found);
    const put = schedules().put(NAME, { ...SETTINGS, task: { ...SETTINGS.task, taskArgs } });
    taskArgs.note = 'changed';
    await put;
    const [first, second] = recorder.seen.map(({ text }) => text);
    expect(first).toContain('"taskArgs":{"orderId":12345678901234567890,"note":"first"}');
    expect(second).toBe(first);
  });

  it('stop with the reason of the signal', async () => {
    recorder.script(found);
    const signal = AbortSignal.abort(new Error('enough'));
    for (const call of ['get', 'pause', 'resume', 'run', 'delete'] as const) {
      await expect(schedules()[call](NAME, { signal })).rejects.toThrow('enough');
    }
    await expect(schedules().put(NAME, SETTINGS, { signal })).rejects.toThrow('enough');
    const pages = schedules().list({ signal }).pages()[Symbol.asyncIterator]();
    await expect(pages.next()).rejects.toThrow('enough');
    expect(sent()).toEqual([]);
  });
});

describe('calls on schedules that fail', () => {
  it('are repeated where a second one changes nothing', async () => {
    const calls = [
      () => schedules().put(NAME, SETTINGS),
      () => schedules().get(NAME),
      () => schedules().pause(NAME),
      () => schedules().resume(NAME),
    ];
    for (const call of calls) {
      recorder.script('lost', unavailable, found);
      expect(await call()).toEqual(schedule());
    }
    expect(recorder.seen).toHaveLength(calls.length * 3);
  });

  it('send a run once: a second one would record a second task', async () => {
    recorder.script('lost', () => Response.json(taskSummary()));
    await expect(schedules().run(NAME)).rejects.toThrow(DispatchrUnreachableError);
    recorder.script(unavailable, () => Response.json(taskSummary()));
    await expect(schedules().run(NAME)).rejects.toMatchObject({ problem: 'database-unavailable' });
    expect(recorder.seen).toHaveLength(2);
  });

  it('take a schedule for deleted that is gone when an answer was lost', async () => {
    recorder.script('lost', notFound);
    expect(await schedules().delete(NAME)).toBeUndefined();
    recorder.script(unavailable, deleted);
    expect(await schedules().delete(NAME)).toBeUndefined();
    expect(recorder.seen).toHaveLength(4);
  });

  it.each(['get', 'delete'] as const)('tell at the first try of %s that there is none', async (call) => {
    recorder.script(notFound);
    const client = schedules();
    const error: unknown = await client[call](NAME).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DispatchrError);
    expect(error).toMatchObject({ status: 404, problem: 'schedule-not-found' });
    expect(recorder.seen).toHaveLength(1);
  });

  it('tell other refusals of a repeated delete', async () => {
    recorder.script('lost', () => problemAnswer('unauthorized'));
    await expect(schedules().delete(NAME)).rejects.toMatchObject({ problem: 'unauthorized' });
  });
});
