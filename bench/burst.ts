import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { parseArgs } from 'node:util';
import {
  openTestDatabase,
  type ServiceProcess,
  startPostgresServer,
  startServiceProcess,
} from '@dispatchr/testkit';
import { percentile } from './world/percentile.ts';

const HELP = `Delivers tasks that are all due in one second, on PostgreSQL, in separate processes.

  npm run bench:burst                     100,000 tasks on a PostgreSQL from npm
  npm run bench:burst -- --tasks 20000    fewer
  npm run bench:burst -- --schedulers 3   and how they share the work
  TEST_DATABASE_URL=… npm run bench:burst on an empty database of your own
`;

const { values } = parseArgs({
  options: {
    tasks: { type: 'string', default: '100000' },
    schedulers: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(HELP);
else await burst(Number(values.tasks), Number(values.schedulers));

async function burst(count: number, schedulerCount: number): Promise<void> {
  const postgres = await startPostgresServer();
  const receiver = await startReceiver();
  const environment = { DATABASE_URL: postgres.url, DISPATCHR_LOG_LEVEL: 'info' };
  const recorder = await startServiceProcess(['recorder', '--port', '0'], environment);
  const schedulers = await Promise.all(
    Array.from({ length: schedulerCount }, () => startServiceProcess(['scheduler'], environment)),
  );
  try {
    const dueAtMs = Date.now() + Math.max(10_000, count / 4);
    const ids = await submitAll(recorder.url, receiver.url, count, dueAtMs);
    note(`${count} tasks are recorded, due in ${((dueAtMs - Date.now()) / 1000).toFixed(1)} s`);
    if (Date.now() > dueAtMs)
      throw new Error('the tasks were due before all were recorded; submit was too slow');
    await sleep(dueAtMs - Date.now());
    const lookUps = lookUpUntil(recorder.url, ids, () => receiver.delivered.size >= count);
    await until(() => receiver.delivered.size >= count);
    const drainedMs = Date.now() - dueAtMs;
    const latencies = await lookUps;
    // A duplicate may still be under way.
    await sleep(2000);
    print({
      tasks: count,
      delivered: receiver.delivered.size,
      duplicates: receiver.requests() - receiver.delivered.size,
      'drained in (ms)': drainedMs,
      'deliveries per second': Math.round((count / drainedMs) * 1000),
      'look-ups meanwhile': latencies.length,
      'look-up p50 (ms)': percentile(latencies, 0.5),
      'look-up p99 (ms)': percentile(latencies, 0.99),
      'recorder, peak memory (MB)': await peakMemory(recorder),
      'largest scheduler, peak (MB)': Math.max(...(await Promise.all(schedulers.map(peakMemory)))),
      ...(await sharesOf(postgres.url)),
    });
  } finally {
    await Promise.all([recorder, ...schedulers].map((process) => process.end('SIGTERM')));
    await receiver.close();
    await postgres.stop();
  }
}

async function submitAll(url: string, target: string, count: number, dueAtMs: number): Promise<string[]> {
  const ids: string[] = [];
  const dueAt = (index: number) => new Date(dueAtMs + Math.floor((index / count) * 1000)).toISOString();
  for (let from = 0; from < count; from += 1000) {
    const tasks = Array.from({ length: Math.min(1000, count - from) }, (_, index) => ({
      target,
      taskName: 'burst',
      taskArgs: { number: from + index },
      dueAt: dueAt(from + index),
    }));
    const response = await fetch(`${url}/v1/tasks/batch`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tasks }),
    });
    const body = (await response.json()) as { tasks: { task: { id: string } }[] };
    if (response.status !== 201)
      throw new Error(`expected 201, got ${response.status}: ${JSON.stringify(body)}`);
    ids.push(...body.tasks.map(({ task }) => task.id));
  }
  return ids;
}

/** Looks tasks up, 50 a second, each on time whether or not the one before was answered. */
async function lookUpUntil(url: string, ids: readonly string[], isOver: () => boolean): Promise<number[]> {
  const latencies: number[] = [];
  const pending: Promise<void>[] = [];
  for (let index = 0; !isOver(); index += 1) {
    const id = ids[(index * 7919) % ids.length] ?? '';
    const startedMs = performance.now();
    const lookUp = async () => {
      const response = await fetch(`${url}/v1/tasks/${id}`);
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`expected 200, got ${response.status}`);
      latencies.push(performance.now() - startedMs);
    };
    pending.push(lookUp());
    await sleep(20);
  }
  await Promise.all(pending);
  return latencies;
}

async function startReceiver() {
  const delivered = new Set<string>();
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    delivered.add(String(request.headers['dispatchr-task-id']));
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/tasks`,
    delivered,
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** How many attempts each scheduler made. */
async function sharesOf(url: string): Promise<Record<string, number>> {
  const database = await openTestDatabase(url);
  const text = 'SELECT scheduler, count(*)::int4 AS attempts FROM dispatchr.attempts GROUP BY 1 ORDER BY 1';
  const rows = await database.query({ name: 'shares', role: 'read', text }, []);
  await database.close();
  return Object.fromEntries(
    rows.map((row) => [`attempts by ${String(row['scheduler'])}`, Number(row['attempts'])]),
  );
}

/** Peak resident memory since the start, from Linux's process table; NaN elsewhere. */
async function peakMemory({ pid }: ServiceProcess): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
}

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await sleep(20);
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));
}

function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

function print(figures: Record<string, number>): void {
  for (const [name, figure] of Object.entries(figures)) {
    process.stdout.write(`${name.padEnd(30)} ${figure}\n`);
  }
}
