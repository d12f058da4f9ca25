import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chown, chmod, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { freePort } from './free-port.ts';
import type { Guard } from './guard.ts';
import { postgresPrograms, postgresUser } from './postgres-programs.ts';

/** A PostgreSQL that keeps its data and its port over crashes. */
export interface DatabaseServer {
  readonly port: number;
  /** Of a superuser, past every proxy. */
  readonly url: string;
  /** A folder that the server can write to and this process can read. */
  readonly sharedFolder: string;
  /** Starts it if it does not run, and waits until it accepts connections, its recovery included. */
  start(): Promise<void>;
  /** `fast` breaks connections off; `immediate` does not even write a checkpoint. Waits for its end. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  /** kill -9 of the server and every process it has. */
  kill(): Promise<void>;
  /** A connection of an administrator; the caller ends it. */
  administrator(): postgres.Sql;
}

const PASSWORD = 'password';
const SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** Milliseconds that a start may take; the recovery after a crash is part of it. */
const MAX_START_MS = 120_000;

/** Makes a database server with its data under `folder`, on a free port of 127.0.0.1; it does not run yet. */
export async function createDatabaseServer(folder: string, guard: Guard): Promise<DatabaseServer> {
  const [programs, user, port] = await Promise.all([postgresPrograms(), postgresUser(), freePort()]);
  const dataFolder = join(folder, 'data');
  const sharedFolder = join(folder, 'shared');
  for (const path of [dataFolder, sharedFolder]) {
    await mkdir(path, { recursive: true });
    await chown(path, user.uid, user.gid);
  }
  const passwordFile = join(sharedFolder, 'password');
  await writeFile(passwordFile, PASSWORD);
  await chmod(passwordFile, 0o644);
  const flags = ['--auth=scram-sha-256', '--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync'];
  await promisify(execFile)(programs.initdb, ['-D', dataFolder, `--pwfile=${passwordFile}`, ...flags], user);
  await rm(passwordFile);

  const url = `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/postgres`;
  const administrator = () =>
    postgres(url, { max: 1, connect_timeout: 5, onnotice: () => undefined, prepare: false });
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '80',
    log_min_messages: 'fatal',
  };
  let child: ChildProcess | undefined;
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = child;
    if (ended === undefined || !isRunning(ended)) return;
    ended.kill(signal);
    await once(ended, 'exit');
  };

  const spawnServer = async (): Promise<ChildProcess> => {
    const log = await open(join(folder, 'postgres.log'), 'a');
    const words = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const server = spawn(programs.postgres, ['-D', dataFolder, '-p', String(port), ...words], {
      ...user,
      stdio: ['ignore', log.fd, log.fd],
    });
    await log.close();
    const { pid } = server;
    if (pid !== undefined) {
      guard.add(pid);
      server.once('exit', () => guard.remove(pid));
    }
    return server;
  };

  /** A server that was killed may leave processes for a moment, which keep the next one from starting: it tries again. */
  const start = async (): Promise<void> => {
    const giveUpAt = performance.now() + MAX_START_MS;
    do {
      if (performance.now() > giveUpAt)
        throw new Error(`expected PostgreSQL to start within ${MAX_START_MS} ms`);
      if (!isRunning(child)) child = await spawnServer();
      await new Promise((resolve) => setTimeout(resolve, 50));
    } while (!(await accepts(port, administrator)));
  };

  return {
    port,
    url,
    sharedFolder,
    administrator,
    start,
    stop: (mode) => end(SIGNALS[mode]),
    async kill() {
      const pids = await childrenOf(child?.pid);
      await end('SIGKILL');
      for (const pid of pids) killIfRunning(pid);
    },
  };
}

async function accepts(port: number, administrator: () => postgres.Sql): Promise<boolean> {
  const listens = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
      .on('connect', () => resolve(true))
      .on('error', () => resolve(false))
      .on('connect', () => socket.destroy());
  });
  if (!listens) return false;
  const sql = administrator();
  try {
    await sql`SELECT 1`;
    return true;
  } catch {
    return false;
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function childrenOf(pid: number | undefined): Promise<number[]> {
  if (pid === undefined) return [];
  const { stdout } = await promisify(execFile)('ps', ['-o', 'pid=', '--ppid', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.split('\n').flatMap((line) => (line.trim() === '' ? [] : [Number(line)]));
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child !== undefined && child.exitCode === null && child.signalCode === null;
}

function killIfRunning(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended with the server.
  }
}
