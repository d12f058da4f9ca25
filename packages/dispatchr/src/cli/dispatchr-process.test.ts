import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let folder: string;
const children: ChildProcess[] = [];
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'dispatchr-process-'))));
afterEach(() => children.splice(0).forEach((child) => child.kill('SIGKILL')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('dispatchr refuses to start in one sentence', () => {
  it.each<[string, string[], Record<string, string>, number, RegExp]>([
    ['with an unknown flag', ['--prot', '1'], {}, 2, /unknown option '--prot'\n\(Did you mean --port\?\)/],
    [
      'with an unknown command',
      ['shceduler'],
      {},
      2,
      /unknown command "shceduler" \(did you mean scheduler\?\)\n$/,
    ],
    [
      'with an unknown variable',
      [],
      { DISPATCHR_PROT: '1' },
      2,
      /DISPATCHR_PROT: unknown variable \(did you mean DISPATCHR_PORT\?\)\n$/,
    ],
    [
      'as a scheduler without a database',
      ['scheduler'],
      {},
      2,
      /^dispatchr: expected databaseUrl, got none.*\n$/,
    ],
    [
      'beyond loopback without a token',
      ['--host', '0.0.0.0'],
      {},
      2,
      /^dispatchr: Listening on 0\.0\.0\.0 needs a bearer token.*\n$/,
    ],
    [
      'when the database does not answer',
      ['recorder'],
      { DATABASE_URL: 'postgres://user:hush@127.0.0.1:1/app' },
      3,
      /^dispatchr: cannot use postgres:\/\/user:\*\*\*@127\.0\.0\.1:1\/app: .*start PostgreSQL.*\n$/,
    ],
  ])('%s', async (_, words, environment, exitCode, message) => {
    const ended = await run(words, environment);
    expect(ended.exitCode).toBe(exitCode);
    expect(ended.stderr).toMatch(message);
    expect(ended.stdout).toBe('');
  });
});

describe('dispatchr with a reader that stops early', () => {
  it.each([[['--help']], [['serve', '--help']], [['config', '--json']]])(
    'ends %j with 0 and without a word',
    async (words) => {
      const child = start(words);
      let stderr = '';
      child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
      child.stdout!.destroy();
      expect(await once(child, 'close')).toEqual([0, null]);
      expect(stderr).toBe('');
    },
  );
});

describe('dispatchr config', () => {
  it('prints every value with its source as JSON', async () => {
    const ended = await run(['config', '--json', '--port', '8080'], { DISPATCHR_TOKEN: 'hush' });
    expect(ended.exitCode).toBe(0);
    expect(JSON.parse(ended.stdout)).toEqual(
      expect.arrayContaining([
        { name: 'port', value: 8080, default: 9090, source: '--port' },
        { name: 'token', value: '***', source: 'DISPATCHR_TOKEN' },
      ]),
    );
  });
});

describe('dispatchr serve on an embedded database', () => {
  it(
    'delivers a task, keeps the folder and the port to itself, and ends with 0 on SIGTERM',
    { timeout: 120_000 },
    async () => {
      const dataDir = join(folder, 'first');
      const target = await startTarget('answers');
      const service = await serve(dataDir);

      const submitted = await submit(service.url, target.url);
      expect(await target.nextTaskId()).toBe(submitted.id);

      const locked = await run(['--data-dir', dataDir, '--port', '0']);
      expect([locked.exitCode, locked.stderr]).toEqual([
        3,
        expect.stringMatching(/^dispatchr: .*in use by another process.*\n$/),
      ]);
      const inUse = await run(['--data-dir', join(folder, 'second'), '--port', new URL(service.url).port]);
      expect([inUse.exitCode, inUse.stderr]).toEqual([
        3,
        expect.stringMatching(/^dispatchr: .*the port is in use.*\n$/),
      ]);

      service.child.kill('SIGTERM');
      expect(await exitOf(service.child)).toEqual([0, null]);
      target.close();
    },
  );

  it(
    'ends at once on a second signal, and a start afterwards delivers again what was in flight',
    { timeout: 120_000 },
    async () => {
      const dataDir = join(folder, 'first');
      const target = await startTarget('hangs');
      const service = await serve(dataDir);
      const { id } = await submit(service.url, target.url);
      await target.nextTaskId();

      service.child.kill('SIGTERM');
      await service.logged('the scheduler stops');
      service.child.kill('SIGTERM');
      expect(await exitOf(service.child)).toEqual([143, null]);

      const again = await serve(dataDir);
      expect(await target.nextTaskId()).toBe(id);
      again.child.kill('SIGKILL');
      target.close();
    },
  );
});

/** Runs the command to its end. */
async function run(words: string[], environment: Record<string, string> = {}) {
  const child = start(words, environment);
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const [exitCode] = (await once(child, 'close')) as [number];
  return { exitCode, stdout, stderr };
}

/** Starts the service and waits until it says that it is ready; its log is read line by line. */
async function serve(dataDir: string) {
  const child = start(['serve', '--data-dir', dataDir, '--port', '0', '--log-format', 'json']);
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  const logged = async (text: string): Promise<Record<string, unknown>> => {
    for (;;) {
      const { value, done } = await lines.next();
      if (done) throw new Error(`expected a line with ${JSON.stringify(text)}, got the end of the log`);
      const line = JSON.parse(value) as Record<string, unknown>;
      if (String(line['msg']).includes(text)) return line;
    }
  };
  const { url } = await logged('serve is ready');
  return { child, url: String(url), logged };
}

/** Only PATH is handed on: the variables of whoever runs the tests must not matter. */
function start(words: string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, ['--conditions=@dispatchr/source', MAIN, ...words], {
    cwd: folder,
    env: { PATH: process.env['PATH'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

async function exitOf(child: ChildProcess): Promise<[number | null, string | null]> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return [child.exitCode, child.signalCode];
}

async function submit(url: string, target: string): Promise<{ id: string }> {
  const response = await fetch(`${url}/v1/tasks`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ target, taskName: 'greet', taskArgs: { name: 'world' } }),
  });
  expect(response.status).toBe(201);
  return (await response.json()) as { id: string };
}

/** A target that reports the id of each task it gets, and then answers or leaves the sender waiting. */
async function startTarget(manner: 'answers' | 'hangs') {
  const got: string[] = [];
  const waiting: ((id: string) => void)[] = [];
  const server = createServer((request, response) => {
    const id = String(request.headers['dispatchr-task-id']);
    const next = waiting.shift();
    if (next === undefined) got.push(id);
    else next(id);
    if (manner === 'answers') response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    nextTaskId: () => {
      const id = got.shift();
      return id === undefined ? new Promise<string>((resolve) => waiting.push(resolve)) : Promise.resolve(id);
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
