import { once } from 'node:events';
import { createClient } from '@dispatchr/client';
import type { DispatchrClient, Schedule, TaskSummary } from '@dispatchr/client';
import { startServiceProcess } from '@dispatchr/testkit';
import type { ServiceProcess } from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listensAt, openCommandShell } from '../../test/command-shell.ts';
import type { CommandShell, ShellRun } from '../../test/command-shell.ts';

const HOUR_MS = 3_600_000;

let shell: CommandShell;
let listeners: CommandShell;
let service: ServiceProcess;
let client: DispatchrClient;
let listener: ShellRun;
let listenerUrl: string;

beforeAll(async () => {
  shell = openCommandShell();
  listeners = openCommandShell();
  service = await startServiceProcess(['serve', '--data-dir', `${shell.folder}/data`, '--port', '0']);
  client = createClient({ url: service.url });
  listener = listeners.start('exec dispatchr listen 0');
  listenerUrl = await listensAt(listener);
}, 120_000);
afterEach(() => shell.killAll());
afterAll(async () => {
  listeners?.close();
  await service?.end('SIGKILL');
  shell?.close();
});

const start = (line: string): ShellRun => shell.start(line, { DISPATCHR_URL: service.url });

describe('the exit code', { timeout: 120_000 }, () => {
  it('is 1 for a task that was waited for and failed, with the sentence that says why', async () => {
    const run = start(
      `dispatchr submit --target ${listenerUrl} --name x --expires-at 2020-01-01T00:00:00Z --wait`,
    );
    expect(await run.ended).toBe(1);
    expect(run.stdout()).toMatch(/ {2}failed: it expired at 2020-01-01 .* before its first attempt\n$/);
  });

  it('is 1 after the operation went on beyond an id that failed', async () => {
    const { id } = await client.submit({ target: listenerUrl, taskName: 'x', delayMs: HOUR_MS });
    const run = start(`dispatchr tasks cancel no-such-task ${id}`);
    expect(await run.ended).toBe(1);
    expect(run.stderr()).toMatch(/^dispatchr: no-such-task: .*404 task-not-found.*\n$/);
    expect(run.stdout()).toBe(`${id}  cancelled before its first attempt\n`);
  });

  it.each([
    ['dispatchr submit --name x', '--target is missing'],
    ["dispatchr submit --target http://127.0.0.1:1 --name x --args '{'", 'Expected JSON'],
    ["dispatchr submit --target http://127.0.0.1:1 --name x --header 'no colon'", "expected 'Name: value'"],
    ["echo '[1]' | dispatchr submit -", 'task 1: expected a task'],
    ['dispatchr schedules put x --cron @daily --target http://127.0.0.1:1', '--name is missing'],
    ["dispatchr schedules put x '* * * * *'", 'expected - for standard input, or nothing, got "* * * * *"'],
    ['dispatchr schedules put x --overlap never', 'Allowed choices are allow, skip'],
    ["echo '[]' | dispatchr schedules put x -", 'expected a schedule, a JSON object, got []'],
    ['dispatchr schedule list', 'unknown command "schedule" (did you mean schedules?)'],
    ['dispatchr schedules stop x', 'unknown command "schedules stop"'],
    ['dispatchr tasks shwo x', 'unknown command "tasks shwo" (did you mean show?)'],
    ['dispatchr tasks list --url ftp://x', 'expected url to be like'],
    ['dispatchr listen 0 --answer 100', 'Expected statuses from 200 to 599'],
    ['dispatchr listen 0 --verify hush', 'base64 of 24 to 64 bytes'],
  ])('is 2 for %s', async (line, message) => {
    const run = start(line);
    expect(await run.ended).toBe(2);
    expect(run.stderr()).toContain(message);
    expect(run.stdout()).toBe('');
  });

  it('is 3 when the service does not answer', async () => {
    // Nothing else listens on an address of loopback that nobody uses.
    const run = start(`dispatchr queues --url http://127.9.9.9:${new URL(service.url).port}`);
    expect([await run.ended, run.stderr()]).toEqual([
      3,
      expect.stringMatching(/^dispatchr: .*ECONNREFUSED 127\.9\.9\.9:.*DISPATCHR_URL says where\)\n$/),
    ]);
  });

  it('is 3 when the port to listen on is in use', async () => {
    const run = start(`dispatchr listen ${new URL(listenerUrl).port}`);
    expect([await run.ended, run.stderr()]).toEqual([3, expect.stringContaining('the port is in use')]);
  });
});

describe('dispatchr submit', { timeout: 120_000 }, () => {
  it('carries each number as it was written to the target', async () => {
    const run = start(
      `dispatchr submit --target ${listenerUrl} --name exact --args '[12345678901234567890,1.0]' --wait`,
    );
    expect(await run.ended).toBe(0);
    expect(listener.stdout()).toContain('[12345678901234567890,1.0]');
  });

  it.each([
    ['{"queue":"no such queue"}', 1, 'line 1001: POST /v1/tasks was answered 400 invalid-request'],
    ['{"queue":', 2, 'line 1001: expected JSON'],
  ])('says that all before %s was recorded', async (last, exitCode, message) => {
    const lines = `seq 1000 | sed 's/.*/{"taskArgs":&}/'; echo '${last}'`;
    const run = start(
      `(${lines}) | dispatchr submit - --target ${listenerUrl} --name half --delay 1h --json`,
    );
    expect(await run.ended).toBe(exitCode);
    const [first, second] = run.stderr().split('\n');
    expect(first).toBe('dispatchr: 1000 tasks were recorded before what follows');
    expect(second).toContain(message);
    expect(run.stdout().trim().split('\n')).toHaveLength(1000);
  });

  it('tells a task that was recorded before', async () => {
    const { id } = await client.submit({ target: listenerUrl, taskName: 'twice', delayMs: HOUR_MS });
    const same = `{"id":"${id}","target":"${listenerUrl}","taskName":"twice","delayMs":${HOUR_MS}}`;
    const other = `{"target":"${listenerUrl}","taskName":"once","delayMs":${HOUR_MS}}`;
    const run = start(`echo '[${same},${other}]' | dispatchr submit --stdin`);
    expect(await run.ended).toBe(0);
    const [first, second] = run.stdout().split('\n');
    expect(first).toMatch(new RegExp(`^${id}  waits until .* \\(recorded before\\)$`));
    expect(second).toMatch(/ {2}waits until .*\)$/);
    expect(second).not.toContain('recorded before');
  });
});

describe('dispatchr tasks follow', { timeout: 120_000 }, () => {
  it('does not go on when nobody reads any more', async () => {
    const run = start('exec dispatchr tasks follow --every 100ms');
    await once(run.child.stdout!, 'data');
    run.child.stdout!.destroy();
    await client.submit({ target: listenerUrl, taskName: 'unread' });
    expect([await run.ended, run.stderr()]).toEqual([0, '']);
  });
});

describe('dispatchr schedules', { timeout: 120_000 }, () => {
  const put = (name: string): Promise<Schedule> =>
    client.schedules.put(name, {
      cron: '0 0 1 1 *',
      timeZone: 'Europe/Berlin',
      task: { target: listenerUrl, taskName: 'x' },
    });

  it('puts what flags and standard input say together, each number as it was written', async () => {
    const settings =
      '{"timeZone":"Asia/Tokyo","task":{"taskName":"report","taskArgs":[12345678901234567890,1.0]}}';
    const flags = `--cron @daily --time-zone UTC --target ${listenerUrl} --name other --queue low`;
    const run = start(`echo '${settings}' | dispatchr schedules put both - ${flags}`);
    expect([await run.ended, run.stderr()]).toEqual([0, '']);
    expect(run.stdout()).toMatch(/^both {2}next tick \S+T15:00:00Z \(in .*\); no tick yet\n$/);
    const answer = await fetch(`${service.url}/v1/schedules/both`);
    const text = await answer.text();
    expect(text).toContain('"taskArgs":[12345678901234567890,1.0]');
    expect(JSON.parse(text)).toMatchObject({
      cron: '@daily',
      timeZone: 'Asia/Tokyo',
      task: { target: listenerUrl, taskName: 'report', queue: 'low' },
    });
  });

  it('runs one, and shows where its task stands', async () => {
    await put('yearly');
    const run = start('dispatchr schedules run yearly --json');
    expect(await run.ended).toBe(0);
    const { id } = JSON.parse(run.stdout()) as TaskSummary;
    await client.wait(id);
    const show = start('dispatchr schedules show yearly');
    expect([await show.ended, show.stderr()]).toEqual([0, '']);
    expect(show.stdout()).toMatch(new RegExp(`last task +${id}: completed on attempt 1 after `));
    expect(show.stdout()).toMatch(
      /next tick +\d{4}-12-31T23:00:00Z \(in .*\), \w{3} 00:00:00 in Europe\/Berlin\n/,
    );
  });

  it('lists what is paused and what is not', async () => {
    await put('listed-paused');
    await put('listed-ticking');
    await client.schedules.pause('listed-paused');
    const run = start('dispatchr schedules');
    expect(await run.ended).toBe(0);
    expect(run.stdout()).toMatch(/^listed-paused +paused +0 0 1 1 \* +Europe\/Berlin +x +paused: /m);
    expect(run.stdout()).toMatch(/^listed-ticking +ticking +.* next tick \S+Z \(in .*\); no tick yet$/m);
  });

  it('goes on beyond a name that there is not, and exits with 1', async () => {
    await put('last');
    const run = start('dispatchr schedules delete no-such-schedule last');
    expect(await run.ended).toBe(1);
    expect(run.stderr()).toMatch(/^dispatchr: no-such-schedule: .*404 schedule-not-found.*\n$/);
    expect(run.stdout()).toBe('last  deleted\n');
    await expect(client.schedules.get('last')).rejects.toMatchObject({ problem: 'schedule-not-found' });
  });

  it('says what is wrong with an expression, and exits with 1', async () => {
    const run = start(`dispatchr schedules put wrong --cron '61 * * * *' --target ${listenerUrl} --name x`);
    expect(await run.ended).toBe(1);
    expect(run.stderr()).toMatch(
      /^dispatchr: PUT \/v1\/schedules\/wrong was answered 400 invalid-request: .*\/cron: /,
    );
  });
});
