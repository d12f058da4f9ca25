import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import postgres from 'postgres';
import { cpuTimeOf, cpuTimeOfFamily, parentOf } from '../world/cpu-time.ts';
import type { Receiver } from '../world/receiver.ts';

/** What a drain cost. */
export interface Drain {
  readonly tasksPerSecond: number;
  /** CPU microseconds a task, of the scheduler's process. */
  readonly schedulerCpuUs: number;
  /** CPU microseconds a task, of every process of PostgreSQL; NaN where it runs elsewhere. */
  readonly databaseCpuUs: number;
}

/** One source tree with a database of its own. */
export interface Side {
  readonly name: string;
  /** Where its API listens. */
  readonly recorder: string;
  /** Fills the queue, starts a scheduler, and measures how it drains all but the first tasks. */
  drain(work: Work): Promise<Drain>;
  close(): Promise<void>;
}

export interface Work {
  readonly target: Receiver;
  /** Deliveries before the clock starts: the start of the process, and code that is not compiled yet. */
  readonly warmUp: number;
  readonly tasks: number;
  /** 0: the flow key is left out, and so is the target's origin. */
  readonly flowKeys: number;
}

const BATCH_SIZE = 1000;

/** Starts `dispatchr …words` of the side's tree on its database. */
type Start = (...words: string[]) => ChildProcess;

/** Migrates an empty database and starts a recorder, which stays idle while tasks are drained. */
export async function openSide(name: string, tree: string, url: string): Promise<Side> {
  const main = join(tree, 'packages/dispatchr/src/main.ts');
  const start: Start = (...words) =>
    spawn(process.execPath, ['--conditions=@dispatchr/source', main, ...words, '--log-format', 'json'], {
      cwd: tree,
      env: { PATH: process.env['PATH'], DATABASE_URL: url, DISPATCHR_LOG_LEVEL: 'info' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  const recorder = start('recorder', '--port', '0');
  const recorderUrl = await urlOf(recorder);
  await keepStill(sql);
  const server = await serverOf(sql);
  return {
    name,
    recorder: recorderUrl,
    async drain(work) {
      await empty(sql);
      await fill(recorderUrl, work);
      await sql`VACUUM (ANALYZE)`;
      await sql`CHECKPOINT`;
      return drainOnce(start, server, work);
    },
    async close() {
      await end(recorder);
      await sql.end();
    },
  };
}

async function drainOnce(start: Start, server: number, { target, warmUp, tasks }: Work): Promise<Drain> {
  const [first, last] = target.count(warmUp, warmUp + tasks);
  const scheduler = start('scheduler');
  scheduler.stdout?.resume();
  const failed = once(scheduler, 'exit').then(([code]) => {
    throw new Error(`expected a scheduler that drains, got its end with ${String(code)}`);
  });
  // It is told to end when it has done its work.
  failed.catch(() => undefined);
  const cpuTimes = () => Promise.all([cpuTimeOf(scheduler.pid ?? 0), cpuTimeOfFamily(server)]);
  const fromMs = await Promise.race([first, failed]);
  const before = await cpuTimes();
  const untilMs = await Promise.race([last, failed]);
  const after = await cpuTimes();
  await end(scheduler);
  const perTask = (index: 0 | 1): number => ((after[index] - before[index]) * 1000) / tasks;
  return {
    tasksPerSecond: (tasks / (untilMs - fromMs)) * 1000,
    schedulerCpuUs: perTask(0),
    databaseCpuUs: perTask(1),
  };
}

/** No autovacuum in the middle of a drain of one side: every fill is followed by a vacuum of both. */
async function keepStill(sql: postgres.Sql): Promise<void> {
  for (const { name } of await tablesOf(sql)) {
    await sql.unsafe(`ALTER TABLE dispatchr.${name} SET (autovacuum_enabled = off)`);
  }
}

/** Removes the tasks of the round before; settings and gates stay. */
async function empty(sql: postgres.Sql): Promise<void> {
  const names = (await tablesOf(sql)).map(({ name }) => name);
  const ofTasks = names.filter((name) => name === 'attempts' || name.endsWith('tasks'));
  await sql.unsafe(`TRUNCATE ${ofTasks.map((name) => `dispatchr.${name}`).join(', ')}`);
}

function tablesOf(sql: postgres.Sql): Promise<readonly { name: string }[]> {
  return sql<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'dispatchr'`;
}

/** The process that every backend is a child of; 0, which has none, where the server is not on this machine. */
async function serverOf(sql: postgres.Sql): Promise<number> {
  const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  return (await parentOf(row?.pid ?? 0)) ?? 0;
}

async function fill(recorder: string, { target, warmUp, tasks, flowKeys }: Work): Promise<void> {
  const count = warmUp + tasks;
  for (let from = 0; from < count; from += BATCH_SIZE) {
    const batch = Array.from({ length: Math.min(BATCH_SIZE, count - from) }, (_, index) => ({
      target: target.url,
      taskName: 'drain',
      taskArgs: { number: from + index, text: 'x'.repeat(100) },
      ...(flowKeys > 0 && { flowKey: `key-${(from + index) % flowKeys}` }),
    }));
    const response = await fetch(`${recorder}/v1/tasks/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tasks: batch }),
    });
    const text = await response.text();
    if (response.status !== 201) throw new Error(`expected 201, got ${response.status}: ${text}`);
  }
}

async function urlOf(recorder: ChildProcess): Promise<string> {
  if (recorder.stdout === null) throw new Error('expected a child with a pipe for its output');
  for await (const line of createInterface({ input: recorder.stdout })) {
    const { msg, url } = JSON.parse(line) as Record<string, unknown>;
    if (!String(msg).includes('is ready')) continue;
    recorder.stdout.resume();
    return String(url);
  }
  throw new Error('expected a recorder that is ready, got its end');
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
