import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataFolderLockedError } from './data-folder-lock.ts';
import { type Database, DatabaseUnavailableError, type Queryable, type Row } from './database.ts';
import { openEmbedded } from './embedded.ts';

let dataDir: string;
let database: Database;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'embedded-'));
  // What a first start leaves behind that is killed while it makes the database.
  await mkdir(join(dataDir, 'postgres.new'));
  await writeFile(join(dataDir, 'postgres.new', 'PG_VERSION'), '18');
  database = await open();
});
afterAll(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

const open = () => openEmbedded({ dataDir, pause: () => setImmediate() });

function run(text: string, values: unknown[] = [], on: Queryable = database): Promise<Row[]> {
  return on.query({ name: 'test', role: 'read', text }, values);
}

describe('the embedded database', () => {
  it('takes strings, numbers, booleans, null and array literals for any type', async () => {
    const [row] = await run(
      `SELECT $1::text[] AS texts, $2::int8[] AS numbers, $3::timestamptz[] AS instants, $4::int4 + 1 AS sum,
              $5::bool AS yes, $6::text IS NULL AS nothing, $7::text AS text`,
      [
        '{"a,\\"b\\\\","{}"}',
        '{1,NULL}',
        '{"2026-01-01T00:00:00.123Z"}',
        41,
        true,
        null,
        '{"not":"an array"}',
      ],
    );
    expect(row).toEqual({
      texts: ['a,"b\\', '{}'],
      numbers: ['1', null],
      instants: [new Date('2026-01-01T00:00:00.123Z')],
      sum: 42,
      yes: true,
      nothing: true,
      text: '{"not":"an array"}',
    });
  });

  it('gives int8 exactly, timestamptz as Date, text as string and bool as boolean', async () => {
    const [row] = await run(
      `SELECT 9007199254740993::int8 AS big, '2026-01-01T00:00:00.123Z'::timestamptz AS instant,
              '12'::text AS text, false AS no, NULL::int8 AS nothing`,
    );
    expect(row).toEqual({
      big: '9007199254740993',
      instant: new Date('2026-01-01T00:00:00.123Z'),
      text: '12',
      no: false,
      nothing: null,
    });
  });

  it('throws the SQLSTATE of a wrong statement and goes on', async () => {
    await expect(run('SELECT 1 / $1::int4', [0])).rejects.toMatchObject({ code: '22012' });
    await expect(run('SELEC')).rejects.toMatchObject({ code: '42601' });
    expect(await run('SELECT 1 / $1::int4 AS one', [1])).toEqual([{ one: 1 }]);
  });

  it('rolls a transaction back when its work throws, and keeps others out meanwhile', async () => {
    await run('CREATE TABLE rolled (n int4)');
    const failing = database.transaction('claim', async (transaction) => {
      await run('INSERT INTO rolled VALUES (1)', [], transaction);
      throw new Error('changed my mind');
    });
    const meanwhile = run('SELECT n FROM rolled');
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await meanwhile).toEqual([]);
  });

  it('never reports a commit that was a rollback', async () => {
    await run('CREATE TABLE swallowed (n int4)');
    const swallowing = database.transaction('claim', async (transaction) => {
      await run('INSERT INTO swallowed VALUES (1)', [], transaction);
      await run('SELECT 1 / 0', [], transaction).catch(() => undefined);
    });
    await expect(swallowing).rejects.toThrow('expected the transaction to commit, got ROLLBACK');
    expect(await run('SELECT n FROM swallowed')).toEqual([]);
  });

  it('refuses statements on a transaction that has ended', async () => {
    let escaped: Queryable | undefined;
    await database.transaction('claim', async (transaction) => void (escaped = transaction));
    await expect(run('SELECT 1', [], escaped)).rejects.toThrow('after its end');
  });

  it('notifies listeners after the commit until they stop to listen', async () => {
    const heard: string[] = [];
    const stop = await database.listen('dispatchr_test', (payload) => void heard.push(payload));
    await database.transaction('claim', async (transaction) => {
      await run(`SELECT pg_notify('dispatchr_test', 'in a transaction')`, [], transaction);
      await run('SELECT 1', [], transaction);
      expect(heard).toEqual([]);
    });
    await run(`SELECT pg_notify('dispatchr_test', 'alone')`);
    await stop();
    await run(`SELECT pg_notify('dispatchr_test', 'unheard')`);
    expect(heard).toEqual(['in a transaction', 'alone']);
  });

  it('lets timers and sockets run while many statements wait for their turn', async () => {
    let turns = 0;
    let stopped = false;
    const spin = () => {
      turns += 1;
      if (!stopped) globalThis.setImmediate(spin);
    };
    spin();
    await Promise.all(Array.from({ length: 50 }, () => run('SELECT 1')));
    stopped = true;
    expect(turns).toBeGreaterThan(40);
  });

  it('vacuums and checkpoints by itself, so that neither tables nor log grow for ever', async () => {
    await run('CREATE TABLE busy (n int4, padding text)');
    await run('CREATE INDEX ON busy (n)');
    await run(`INSERT INTO busy SELECT n, repeat('x', 500) FROM generate_series(1, 100) AS n`);
    const checkpoint = `SELECT checkpoint_lsn::text AS at FROM pg_control_checkpoint()`;
    const before = await run(checkpoint);
    const rewrite = 'UPDATE busy SET n = n + 1, padding = repeat(md5(random()::text), 20)';
    for (let turn = 0; turn < 1100; turn += 1) await run(rewrite);
    const vacuums = await run(
      `SELECT vacuum_count > 0 AS some FROM pg_stat_user_tables WHERE relname = 'busy'`,
    );
    expect(vacuums).toEqual([{ some: true }]);
    expect(await run(checkpoint)).not.toEqual(before);
  });

  it('is one process’s alone, and says so after it was closed', async () => {
    await expect(openEmbedded({ dataDir })).rejects.toThrow(DataFolderLockedError);
    await run('CREATE TABLE kept (n int4)');
    await database.close();
    await expect(run('SELECT 1')).rejects.toThrow(DatabaseUnavailableError);
    database = await open();
    expect(await run('SELECT n FROM kept')).toEqual([]);
  });
});

const MODULE = new URL('./embedded.ts', import.meta.url).href;
/** Inserts 1, 2, 3 … after what is there, and says each number when its insert was answered. */
const WRITER = `
  import { openEmbedded } from ${JSON.stringify(MODULE)};
  import { writeSync } from 'node:fs';
  const database = await openEmbedded({ dataDir: process.argv[1] });
  const run = (text, values) => database.query({ name: 'test', role: 'submit', text }, values);
  await run('CREATE TABLE IF NOT EXISTS acknowledged (n int8 PRIMARY KEY)', []);
  for (;;) {
    const [row] = await run('INSERT INTO acknowledged SELECT coalesce(max(n), 0) + 1 FROM acknowledged RETURNING n', []);
    writeSync(1, row.n + '\\n');
  }`;

describe('the embedded database under kill -9', () => {
  it('keeps every row that it acknowledged, five times over', { timeout: 60_000 }, async () => {
    await database.close();
    const acknowledged: number[] = [];
    for (let life = 1; life <= 5; life += 1) {
      const seen = acknowledged.length;
      const args = ['--input-type=module', '--disable-warning=ExperimentalWarning', '-e', WRITER, dataDir];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
      for await (const line of createInterface({ input: child.stdout })) {
        acknowledged.push(Number(line));
        if (acknowledged.length === seen + 200 * life) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    database = await open();
    const rows = await run('SELECT n FROM acknowledged');
    const kept = new Set(rows.map((row) => Number(row['n'])));
    expect(acknowledged.length).toBeGreaterThanOrEqual(3000);
    expect(acknowledged.filter((number) => !kept.has(number))).toEqual([]);
  });
});
