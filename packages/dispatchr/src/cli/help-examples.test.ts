import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createClient, DispatchrError } from '@dispatchr/client';
import type { DispatchrClient } from '@dispatchr/client';
import { startServiceProcess } from '@dispatchr/testkit';
import type { ServiceProcess } from '@dispatchr/testkit';
import type { Command } from 'commander';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from './create-program.ts';

/** What the example of `listen --verify` checks with, and the service therefore signs with. */
const SECRET = /--verify (\S+)/;
/** The one thing that is not run as it stands: this port of the examples is that of the listener of this test. */
const EXAMPLE_PORT = '9999';
const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const HOUR_MS = 3_600_000;

interface Example {
  path: string;
  line: string;
}

const GROUPS = ['Working with tasks:', 'Trying it:'];
const { commands: all } = await createProgram([]);
const commands = all.filter((command) => GROUPS.includes(command.helpGroup()));
const pages = commands.flatMap((command) => [command, ...command.commands]);
const examples = pages.flatMap(examplesOf);
const isEndless = ({ path, line }: Example): boolean =>
  path === 'listen' || path === 'tasks follow' || line.includes('--follow');

let folder: string;
let service: ServiceProcess;
let client: DispatchrClient;
let listenerUrl: string;
let listener: Run;
const runs: Run[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-examples-'));
  const [, secret = ''] = SECRET.exec(examples.map(({ line }) => line).join('\n')) ?? [];
  installCommand();
  service = await startServiceProcess(['serve', '--data-dir', join(folder, 'data'), '--port', '0'], {
    DISPATCHR_SIGNING_SECRETS: secret,
  });
  client = createClient({ url: service.url });
  listener = start('exec dispatchr listen 0');
  runs.length = 0;
  listenerUrl = await listensAt(listener);
}, 120_000);
afterEach(() => runs.splice(0).forEach((run) => run.child.kill('SIGKILL')));
afterAll(async () => {
  listener?.child.kill('SIGKILL');
  await service?.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

describe('the help of every command that works with tasks', () => {
  it.each(pages.map(pathOf))('has an example: %s', (path) => {
    expect(examples.map((example) => example.path)).toContain(path);
  });
});

describe('each example of the help runs as it stands', { timeout: 120_000 }, () => {
  it.each(examples.filter((example) => !isEndless(example)))('$line', async (example) => {
    await prepare(example);
    const run = start(example.line.replaceAll(EXAMPLE_PORT, new URL(listenerUrl).port));
    expect([await run.ended, run.stderr()]).toEqual([0, expect.not.stringContaining('dispatchr:')]);
    for (const id of idsOf(example)) expect(run.stdout()).toContain(id);
    if (!example.line.includes('--json')) return;
    for (const line of run.stdout().trim().split('\n').filter(Boolean))
      expect(JSON.parse(line)).toBeTypeOf('object');
  });

  it.each(examples.filter((example) => isEndless(example) && example.path !== 'listen'))(
    '$line, until Ctrl-C',
    async ({ line }) => {
      const run = start(`exec ${line}`);
      const { id } = await client.submit({ target: listenerUrl, taskName: 'followed' });
      await until(run, () => run.stdout().includes(id));
      run.child.kill('SIGINT');
      expect(await run.ended).toBe(0);
    },
  );

  it('does not go on when nobody reads any more', async () => {
    const run = start('exec dispatchr tasks follow --every 100ms');
    await once(run.child.stdout!, 'data');
    run.child.stdout!.destroy();
    await client.submit({ target: listenerUrl, taskName: 'unread' });
    expect([await run.ended, run.stderr()]).toEqual([0, '']);
  });

  it.each(examples.filter(({ path }) => path === 'listen'))('$line, until Ctrl-C', async ({ line }) => {
    const run = start(`exec ${line.replace(EXAMPLE_PORT, '0')}`);
    const target = await listensAt(run);
    const { id } = await client.submit({ target, taskName: 'listened-for', taskArgs: { to: 'world' } });
    await until(run, () => run.stdout().includes(id));
    if (line.includes('--verify')) {
      const [first = ''] = run.stdout().split('\n');
      expect(JSON.parse(first)).toMatchObject({
        taskId: id,
        taskName: 'listened-for',
        queue: 'default',
        attempt: 1,
        attemptsLeft: 99,
        signature: 'ok',
        status: 200,
        taskArgs: { to: 'world' },
      });
    }
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });
});

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

/** The examples of a command's help: the indented lines below "Examples:". */
function examplesOf(command: Command): Example[] {
  let help = '';
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  const [, below = ''] = help.split('\nExamples:\n');
  const lines = below.split('\n').filter((line) => line.startsWith('  '));
  return lines.map((line) => ({ path: pathOf(command), line: line.trim() }));
}

function pathOf(command: Command): string {
  const parent = command.parent?.parent === null ? '' : `${command.parent?.name()} `;
  return `${parent}${command.name()}`;
}

/** Examples name tasks as if they were there: each gets them in the state that its command is for. */
async function prepare(example: Example): Promise<void> {
  for (const id of idsOf(example)) {
    await clear(id);
    if (example.path === 'submit') continue;
    const isPending = ['tasks cancel', 'tasks run'].includes(example.path);
    await client.submit({
      id,
      target: listenerUrl,
      taskName: 'prepared',
      ...(isPending && { delayMs: HOUR_MS }),
    });
    if (!isPending) await client.wait(id);
  }
}

async function clear(id: string): Promise<void> {
  try {
    const task = await client.get(id);
    if (task.state === 'pending') await client.cancel(id);
    await client.wait(id);
    await client.delete(id);
  } catch (error) {
    if (!(error instanceof DispatchrError && error.status === 404)) throw error;
  }
}

function idsOf({ line }: Example): string[] {
  return line.match(/\border-\d+\b/g) ?? [];
}

/** Puts `dispatchr` on the PATH of the examples' shell. */
function installCommand(): void {
  mkdirSync(join(folder, 'bin'));
  const script = `#!/bin/sh\nexec "${process.execPath}" --conditions=@dispatchr/source "${MAIN}" "$@"\n`;
  writeFileSync(join(folder, 'bin', 'dispatchr'), script, { mode: 0o755 });
}

interface Run {
  child: ChildProcess;
  stdout: () => string;
  stderr: () => string;
  /** The exit code, once everything was printed. */
  ended: Promise<number | null>;
}

function start(line: string): Run {
  const child = spawn('sh', ['-c', line], {
    cwd: folder,
    env: {
      PATH: `${join(folder, 'bin')}${delimiter}${process.env['PATH']}`,
      DISPATCHR_URL: service.url,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  const run = { child, stdout: () => stdout, stderr: () => stderr, ended };
  runs.push(run);
  return run;
}

async function listensAt(run: Run): Promise<string> {
  await until(run, () => run.stderr().includes('listening on '));
  const [, url = ''] = /listening on (\S+),/.exec(run.stderr()) ?? [];
  return url;
}

/** Waits for what a process prints; fails with all that it printed if it ends before. The test's own limit bounds it. */
async function until(run: Run, isThere: () => boolean): Promise<void> {
  while (!isThere()) {
    if (run.child.exitCode !== null) throw new Error(`expected it to go on, it ended: ${run.stderr()}`);
    await Promise.race([once(run.child.stdout!, 'data'), once(run.child.stderr!, 'data'), run.ended]);
  }
}
