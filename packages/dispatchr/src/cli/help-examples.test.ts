import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createClient, DispatchrError } from '@dispatchr/client';
import type { DispatchrClient } from '@dispatchr/client';
import { createTestDatabase, startServiceProcess } from '@dispatchr/testkit';
import type { ServiceProcess, TestDatabase } from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { listensAt, openCommandShell } from '../../test/command-shell.ts';
import type { CommandShell, ShellRun } from '../../test/command-shell.ts';
import { readHelpPages } from '../../test/help-examples.ts';
import type { HelpExample } from '../../test/help-examples.ts';

/**
 * What is not run as it stands: the addresses of what an example needs, and the ports it takes.
 * The port 9090, which the service has by default, is any free one too.
 */
const LISTENER_PORT = '9999';
const SERVICE_PORT = '--port 8080';
const DATABASE_URL = 'postgres://user:password@localhost/app';
const ANY_PORT = { DISPATCHR_PORT: '0' };
/** What the folder that an example is run in must hold. */
const FILES = { 'token.txt': 'a-token-of-this-test\n', 'production.yaml': 'port: 8080\n' };
/** What the example of `listen --verify` checks with, and the service therefore signs with. */
const SECRET = /--verify (\S+)/;
const HOUR_MS = 3_600_000;
const NIGHTLY = { cron: '30 2 * * *', overlap: 'skip' } as const;

const { pages, examples, stray } = await readHelpPages();
const SERVICES = ['dispatchr', 'dispatchr serve', 'dispatchr recorder', 'dispatchr scheduler'];
const isService = ({ path }: HelpExample): boolean => SERVICES.includes(path);
const isListener = ({ path }: HelpExample): boolean => path === 'dispatchr listen';
const isFollower = ({ path, line }: HelpExample): boolean =>
  path === 'dispatchr tasks follow' || line.includes('--follow');
const endsByItself = (example: HelpExample): boolean =>
  !isService(example) && !isListener(example) && !isFollower(example);

let shell: CommandShell;
let background: CommandShell;
let database: TestDatabase;
let emptyDatabase: TestDatabase;
let service: ServiceProcess;
let recorder: ServiceProcess;
let client: DispatchrClient;
let listenerUrl: string;

beforeAll(async () => {
  shell = openCommandShell();
  background = openCommandShell();
  const [, secret = ''] = SECRET.exec(examples.map(({ line }) => line).join('\n')) ?? [];
  [database, emptyDatabase] = await Promise.all([createTestDatabase(), createTestDatabase({ empty: true })]);
  [service, recorder, listenerUrl] = await Promise.all([
    startServiceProcess(['serve', '--data-dir', join(background.folder, 'data'), '--port', '0'], {
      DISPATCHR_SIGNING_SECRETS: secret,
    }),
    startServiceProcess(['recorder', '--port', '0'], { DATABASE_URL: database.url }),
    listensAt(background.start('exec dispatchr listen 0')),
  ]);
  client = createClient({ url: service.url });
  const task = { target: listenerUrl, taskName: 'listed' };
  await Promise.all([client.submit(task), client.schedules.put('listed', { cron: '@yearly', task })]);
}, 120_000);
afterEach(() => shell.killAll());
afterAll(async () => {
  background?.close();
  shell?.close();
  await Promise.all([service?.end('SIGKILL'), recorder?.end('SIGKILL')]);
  await Promise.all([database?.drop(), emptyDatabase?.drop()]);
});

describe('the help', () => {
  it.each(pages)('of %s has an example', (page) => {
    expect(examples.map((example) => example.page)).toContain(page);
  });

  it('has examples below "Examples:" only, where they are found and run', () => {
    expect(stray).toEqual([]);
  });
});

describe('each example runs as it stands', { timeout: 120_000 }, () => {
  it.each(titled(endsByItself))('%s', async (_title, example) => {
    await prepare(example);
    const run = start(example, example.line.replaceAll(LISTENER_PORT, new URL(listenerUrl).port));
    expect([await run.ended, run.stderr()]).toEqual([0, expect.not.stringContaining('dispatchr:')]);
    // All targets may be healthy.
    if (example.line !== 'dispatchr targets --json') expect(run.stdout() + run.stderr()).not.toBe('');
    if (example.line.includes('--json')) expectJson(run.stdout());
    for (const id of idsOf(example)) expect(run.stdout()).toContain(id);
    await checkSchedules(example);
  });

  it.each(titled(isFollower))('%s, until Ctrl-C', async (_title, example) => {
    const run = start(example, `exec ${example.line}`);
    const { id } = await client.submit({ target: listenerUrl, taskName: 'followed' });
    await run.until(() => run.stdout().includes(id));
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
  });

  it.each(titled(isListener))('%s, until Ctrl-C', async (_title, example) => {
    const run = start(example, `exec ${example.line.replace(LISTENER_PORT, '0')}`);
    const target = await listensAt(run);
    const { id } = await client.submit({ target, taskName: 'listened-for', taskArgs: { to: 'world' } });
    await run.until(() => run.stdout().includes(id));
    if (example.line.includes('--verify')) {
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

  it.each(titled(isService))('%s, until SIGTERM', async (_title, example) => {
    const { path, line } = example;
    const run = start(example, line.replace(SERVICE_PORT, '--port 0').replace('dispatchr', 'exec dispatchr'));
    const own = await readyAt(run);
    expect(own === undefined).toBe(path === 'dispatchr scheduler');
    const token = line.includes('token.txt') ? { token: FILES['token.txt'].trim() } : {};
    const caller = createClient({ url: own ?? recorder.url, ...token });
    const submitted = caller.submit({ target: listenerUrl, taskName: 'served' });
    if (line.includes('--host 0.0.0.0')) {
      await expect(submitted).rejects.toMatchObject({ problem: 'target-blocked' });
      await expect(createClient({ url: own! }).get('x')).rejects.toMatchObject({ problem: 'unauthorized' });
    } else if (path === 'dispatchr recorder') {
      expect(await submitted).toMatchObject({ state: 'pending' });
    } else {
      expect(await caller.wait((await submitted).id)).toMatchObject({ state: 'completed' });
    }
    run.child.kill('SIGTERM');
    expect(await run.ended).toBe(0);
  });
});

function titled(isOfKind: (example: HelpExample) => boolean): [title: string, example: HelpExample][] {
  return examples.filter(isOfKind).map((example) => [`${example.page}: ${example.line}`, example]);
}

/** Starts an example in a folder of its own, against the service of this test and its databases. */
function start({ path }: HelpExample, line: string): ShellRun {
  const folder = mkdtempSync(join(shell.folder, 'example-'));
  for (const [name, content] of Object.entries(FILES)) writeFileSync(join(folder, name), content);
  const { url } = path === 'dispatchr migrate' ? emptyDatabase : database;
  return shell.start(
    line.replace(DATABASE_URL, `'${url}'`),
    { ...ANY_PORT, DISPATCHR_URL: service.url },
    folder,
  );
}

/** Waits until a service says that it is ready; answers with where its API can be reached, if it has one. */
async function readyAt(run: ShellRun): Promise<string | undefined> {
  const find = () =>
    run
      .stdout()
      .split('\n')
      .find((line) => line.includes(' is ready.'));
  await run.until(() => find()?.endsWith('}') === true);
  const { url } = JSON.parse(find()!) as { url?: string };
  return url === undefined ? undefined : `http://127.0.0.1:${new URL(url).port}`;
}

/** One value, or one on each line. */
function expectJson(text: string): void {
  const isOne = text.startsWith('[\n');
  for (const part of isOne ? [text] : text.split('\n').filter(Boolean)) {
    expect(JSON.parse(part)).toBeTypeOf('object');
  }
}

/** Examples name tasks and schedules as if they were there: each gets them as its command needs them. */
async function prepare(example: HelpExample): Promise<void> {
  for (const name of schedulesOf(example)) {
    await ignoreMissing(client.schedules.delete(name));
    if (example.path === 'dispatchr schedules put') continue;
    await client.schedules.put(name, { ...NIGHTLY, task: { target: listenerUrl, taskName: 'prepared' } });
    if (example.path === 'dispatchr schedules resume') await client.schedules.pause(name);
  }
  for (const id of idsOf(example)) {
    await clear(id);
    if (example.path === 'dispatchr submit') continue;
    const isPending = ['dispatchr tasks cancel', 'dispatchr tasks run'].includes(example.path);
    const delay = isPending ? { delayMs: HOUR_MS } : {};
    await client.submit({ id, target: listenerUrl, taskName: 'prepared', ...delay });
    if (!isPending) await client.wait(id);
  }
}

async function clear(id: string): Promise<void> {
  const task = await ignoreMissing(client.get(id));
  if (task === undefined) return;
  if (task.state === 'pending') await client.cancel(id);
  await client.wait(id);
  await client.delete(id);
}

/** What the schedules of an example must have come to. */
async function checkSchedules(example: HelpExample): Promise<void> {
  for (const name of schedulesOf(example)) {
    const schedule = await ignoreMissing(client.schedules.get(name));
    if (example.path === 'dispatchr schedules delete') {
      expect(schedule).toBeUndefined();
      continue;
    }
    expect(schedule?.paused).toBe(example.path === 'dispatchr schedules pause');
    const wasRun = example.path === 'dispatchr schedules run';
    expect(schedule?.lastTaskId).toEqual(wasRun ? expect.any(String) : undefined);
  }
}

async function ignoreMissing<Result>(call: Promise<Result>): Promise<Result | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof DispatchrError && error.status === 404) return undefined;
    throw error;
  }
}

function idsOf({ line }: HelpExample): string[] {
  return line.match(/\border-\d+\b/g) ?? [];
}

function schedulesOf({ line }: HelpExample): string[] {
  return line.match(/\bnightly-[a-z]+\b/g) ?? [];
}
