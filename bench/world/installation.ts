import type { ChildProcess } from 'node:child_process';
import { createTestDatabase, type ServiceProcess, startServiceProcess } from '@dispatchr/testkit';
import postgres from 'postgres';
import { cpuTimeOf, cpuTimeOfFamily, parentOf } from './cpu-time.ts';
import { peakMemoryMb } from './peak-memory.ts';

/** Processes of Dispatchr on a database of their own. */
export interface Installation {
  readonly databaseUrl: string;
  readonly sql: postgres.Sql;
  /** Where each recorder listens. */
  readonly recorders: readonly string[];
  readonly recorderPids: readonly number[];
  readonly schedulers: () => readonly ServiceProcess[];
  /** Schedulers are started and ended by measurements that need a backlog first. */
  startSchedulers(count: number): Promise<void>;
  endSchedulers(): Promise<void>;
  /** Removes all tasks and what is left of them, then vacuums: every round begins alike. */
  empty(): Promise<void>;
  /** Vacuums, analyses and writes a checkpoint, so that none of it happens while the clock runs. */
  settle(): Promise<void>;
  /** CPU milliseconds used so far, by kind of process. */
  cpuMs(): Promise<CpuMs>;
  /** Peak resident memory of the largest recorder and the largest scheduler, in megabytes; NaN where it is not known. */
  peakMemoryMb(): Promise<{ readonly recorder: number; readonly scheduler: number }>;
  close(): Promise<void>;
}

/** CPU milliseconds by kind of process; NaN where they are not known. */
export interface CpuMs {
  readonly recorder: number;
  readonly scheduler: number;
  readonly database: number;
}

export interface InstallationOptions {
  /** Of a superuser. */
  readonly serverUrl: string;
  readonly recorders: number;
  readonly schedulers: number;
  /** One process does both, as `dispatchr serve`; the counts are not looked at then. */
  readonly inOneProcess?: boolean;
  /** Environment variables beyond those that every installation of a benchmark has. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Deliveries are signed, as in production. */
const SIGNING_SECRET = 'whsec_ZGlzcGF0Y2hyLWJlbmNoLXNlY3JldC0wMDAwMDAwMDA=';

/** Makes an empty database and starts recorders and schedulers on it, as their users would. */
export async function openInstallation(options: InstallationOptions): Promise<Installation> {
  const template = { serverUrl: options.serverUrl, name: '' };
  const database = await createTestDatabase({ empty: true, template });
  const environment = {
    DATABASE_URL: database.url,
    DISPATCHR_SIGNING_SECRETS: SIGNING_SECRET,
    ...options.environment,
  };
  const start = (...words: string[]) => startServiceProcess(words, environment, endWithThisProcess);
  const startAll = (count: number, ...words: string[]) =>
    Promise.all(Array.from({ length: count }, () => start(...words)));
  const recorders = options.inOneProcess
    ? [await start('serve', '--port', '0')]
    : await startAll(options.recorders, 'recorder', '--port', '0');
  const schedulers = options.inOneProcess ? [] : await startAll(options.schedulers, 'scheduler');
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const server = await serverOf(sql);
  return {
    databaseUrl: database.url,
    sql,
    recorders: recorders.map(({ url }) => url),
    recorderPids: recorders.map(({ pid }) => pid),
    schedulers: () => schedulers,
    startSchedulers: async (count) => void schedulers.push(...(await startAll(count, 'scheduler'))),
    endSchedulers: async () => {
      await Promise.all(schedulers.splice(0).map((scheduler) => scheduler.end('SIGTERM')));
    },
    empty: () => emptyTables(sql),
    settle: () => settle(sql),
    async cpuMs() {
      const sumOf = async (processes: readonly ServiceProcess[]) =>
        (await Promise.all(processes.map(({ pid }) => cpuTimeOf(pid)))).reduce((sum, ms) => sum + ms, 0);
      return {
        recorder: await sumOf(recorders),
        scheduler: await sumOf(schedulers),
        database: await cpuTimeOfFamily(server),
      };
    },
    async peakMemoryMb() {
      const largestOf = async (processes: readonly ServiceProcess[]) =>
        Math.max(...(await Promise.all(processes.map(({ pid }) => peakMemoryMb(pid)))));
      return { recorder: await largestOf(recorders), scheduler: await largestOf(schedulers) };
    },
    async close() {
      await Promise.all([...recorders, ...schedulers].map((process) => process.end('SIGTERM')));
      await sql.end();
      await database.drop();
    },
  };
}

const alive = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

/** A run that fails or is stopped leaves no recorder or scheduler behind. */
function endWithThisProcess(child: ChildProcess): void {
  alive.add(child);
  child.once('exit', () => alive.delete(child));
}

/** The process that every backend is a child of; 0, which has none, where the server is not on this machine. */
export async function serverOf(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  return (await parentOf(row?.pid ?? 0)) ?? 0;
}

/** Settings stay; schedulers that are alive are noted again by themselves. */
async function emptyTables(sql: postgres.Sql): Promise<void> {
  await sql`TRUNCATE dispatchr.tasks, dispatchr.unfinished_tasks, dispatchr.finished_tasks, dispatchr.attempts`;
  await settle(sql);
}

async function settle(sql: postgres.Sql): Promise<void> {
  await sql`VACUUM (ANALYZE)`;
  await sql`CHECKPOINT`;
}
