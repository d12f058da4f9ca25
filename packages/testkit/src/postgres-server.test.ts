import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { afterEach, expect, it } from 'vitest';

const MODULE = new URL('./postgres-server.ts', import.meta.url).href;
const RUN = `
  import { startPostgresServer } from ${JSON.stringify(MODULE)};
  const server = await startPostgresServer();
  console.log(server.url);
  setInterval(() => undefined, 1000);`;

const started: ChildProcess[] = [];
afterEach(() => {
  for (const child of started) child.kill('SIGKILL');
});

async function startRun(): Promise<{ child: ChildProcess; url: string }> {
  const env = { ...process.env };
  delete env['TEST_DATABASE_URL'];
  const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', RUN];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.push(child);
  const { value } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
  return { child, url: String(value) };
}

it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  'a server of a run that ends by %s ends too',
  async (signal) => {
    const { child, url } = await startRun();
    const client = postgres(url, { max: 1, onnotice: () => undefined });
    await client`SELECT 1`;
    // Waits on the server until the connection is cut.
    const cut = client`SELECT pg_sleep(60)`.catch((error: unknown) => error);
    child.kill(signal);
    await once(child, 'exit');
    expect(await cut).toMatchObject({ code: expect.stringMatching(/57P01|CONNECTION|ECONN/) });
    await client.end({ timeout: 0 });
  },
);

it.skipIf(process.platform === 'win32')(
  'a server that nobody stopped is stopped by the next run',
  async () => {
    const { child, url } = await startRun();
    const client = postgres(url, { max: 1, onnotice: () => undefined });
    const [setting] = await client`SELECT current_setting('data_directory') AS folder`;
    const folder = String(setting?.['folder']);
    const { stdout } = await promisify(execFile)('pgrep', ['-P', String(child.pid), '-f', 'postmaster.pid']);
    process.kill(Number(stdout), 'SIGKILL');
    child.kill('SIGKILL');
    await once(child, 'exit');
    await client`SELECT 1`;
    await startRun();
    await expect(access(folder)).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(client`SELECT 1`).rejects.toMatchObject({ code: expect.any(String) });
    await client.end({ timeout: 0 });
  },
);
