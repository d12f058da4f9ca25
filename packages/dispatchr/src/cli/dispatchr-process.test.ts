import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createApiClient,
  type ScriptedTarget,
  spawnDispatchr,
  startScriptedTarget,
  startServiceProcess,
} from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

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
  let target: ScriptedTarget;
  beforeAll(async () => {
    target = await startScriptedTarget();
  });
  afterAll(() => target.close());

  const serve = () => startServiceProcess(['serve', '--data-dir', join(folder, 'first'), '--port', '0']);

  it(
    'delivers a task, keeps the folder and the port to itself, and ends with 0 on SIGTERM',
    { timeout: 120_000 },
    async () => {
      const service = await serve();
      const { id } = await createApiClient(service.url).submit({ target: target.url('/answers') });
      expect((await target.received('/answers')).headers['dispatchr-task-id']).toBe(id);

      const locked = await run(['--data-dir', join(folder, 'first'), '--port', '0']);
      expect([locked.exitCode, locked.stderr]).toEqual([
        3,
        expect.stringMatching(/^dispatchr: .*in use by another process.*\n$/),
      ]);
      const inUse = await run(['--data-dir', join(folder, 'second'), '--port', new URL(service.url).port]);
      expect([inUse.exitCode, inUse.stderr]).toEqual([
        3,
        expect.stringMatching(/^dispatchr: .*the port is in use.*\n$/),
      ]);
      expect(await service.end('SIGTERM')).toEqual([0, null]);
    },
  );

  it(
    'ends at once on a second signal, and a start afterwards delivers again what was in flight',
    { timeout: 120_000 },
    async () => {
      target.answer('/hangs', 'hang');
      const service = await serve();
      await createApiClient(service.url).submit({ target: target.url('/hangs') });
      await target.received('/hangs');

      service.signal('SIGTERM');
      await service.logged('the scheduler stops');
      expect(await service.end('SIGTERM')).toEqual([143, null]);

      const again = await serve();
      await target.received('/hangs', 2);
      await again.end('SIGKILL');
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

function start(words: string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawnDispatchr(words, environment, folder);
  children.push(child);
  return child;
}
