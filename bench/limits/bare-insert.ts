import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@dispatchr/testkit';
import postgres from 'postgres';
import { cpuFigures } from '../world/cpu-figures.ts';
import { cpuTimeOf, cpuTimeOfFamily } from '../world/cpu-time.ts';
import { serverOf } from '../world/installation.ts';
import { type Submitted, taskArgsOf } from '../world/load.ts';
import { MEMORY_FIGURE, peakMemoryMb } from '../world/peak-memory.ts';
import { percentile } from '../world/percentile.ts';
import type { Side } from '../world/side.ts';
import { submittedFigures } from '../world/submitted-figures.ts';
import type { World } from '../world/world.ts';
import { answerQuestions, isForkedFor, startLimitProcess } from './limit-process.ts';

const MODULE = fileURLToPath(import.meta.url);

/** What is inserted, and how. */
interface Work {
  readonly url: string;
  readonly target: string;
  readonly tasks: number;
  /** Rows of a statement, each of which is a transaction. */
  readonly batch: number;
  /** Statements in flight, each on a connection of its own. */
  readonly inFlight: number;
}

/** Rows of a task's size, inserted into a plain table by the process that makes them. */
export async function openBareInsert(
  name: string,
  { serverUrl, receiver }: World,
  work: Pick<Work, 'tasks' | 'batch' | 'inFlight'>,
): Promise<Side> {
  const database = await createTestDatabase({ empty: true, template: { serverUrl, name: '' } });
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  await sql.unsafe(TABLE);
  const server = await serverOf(sql);
  const client = await startLimitProcess(MODULE);
  const cpuMs = async () => ({
    client: await cpuTimeOf(client.pid),
    database: await cpuTimeOfFamily(server),
  });
  return {
    name,
    async play() {
      await sql`TRUNCATE bare_tasks`;
      await sql`CHECKPOINT`;
      const question: Work = { ...work, url: database.url, target: receiver.url };
      const before = await cpuMs();
      const submitted = await client.ask<Submitted>(question);
      return {
        ...submittedFigures(submitted),
        ...cpuFigures(before, await cpuMs(), work.tasks),
        [MEMORY_FIGURE]: await peakMemoryMb(client.pid),
      };
    },
    async close() {
      await client.close();
      await sql.end();
      await database.drop();
    },
  };
}

const TABLE = `CREATE TABLE bare_tasks (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text NOT NULL UNIQUE,
  target text NOT NULL,
  task_name text NOT NULL,
  args text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
)`;

/** The columns of so many rows from a number on. */
function rowsOf({ target, batch }: Work, from: number): readonly [string[], string[], string[], string[]] {
  const numbers = Array.from({ length: batch }, (_, index) => from + index);
  return [
    numbers.map(() => randomUUID()),
    numbers.map(() => target),
    numbers.map(() => 'bench'),
    numbers.map((number) => JSON.stringify(taskArgsOf(number))),
  ];
}

const INSERT_ONE = 'INSERT INTO bare_tasks (id, target, task_name, args) VALUES ($1, $2, $3, $4)';
const INSERT_MANY = `INSERT INTO bare_tasks (id, target, task_name, args)
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[])`;

let connected: postgres.Sql | undefined;

/** Connections stay open from round to round, as a recorder's do. */
function connect({ url, inFlight }: Work): postgres.Sql {
  connected ??= postgres(url, { max: inFlight, onnotice: () => undefined });
  return connected;
}

async function insert(work: Work): Promise<Submitted> {
  const { tasks, batch, inFlight } = work;
  const sql = connect(work);
  const latencies: number[] = [];
  let next = 0;
  const insertInTurn = async (): Promise<void> => {
    while (next < tasks) {
      const rows = rowsOf(work, next);
      next += batch;
      const sentAtMs = performance.now();
      if (batch === 1) await sql.unsafe(INSERT_ONE, rows.flat(), { prepare: true });
      else await sql.unsafe(INSERT_MANY, [...rows], { prepare: true });
      latencies.push(performance.now() - sentAtMs);
    }
  };
  const startedAtMs = performance.now();
  await Promise.all(Array.from({ length: inFlight }, insertInTurn));
  const tookMs = performance.now() - startedAtMs;
  return {
    tasksPerSecond: (tasks / tookMs) * 1000,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}

if (isForkedFor(MODULE)) answerQuestions(insert);
