import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseTargetPolicy } from '@dispatchr/lifecycle';
import { type RecorderServer, startRecorder } from '@dispatchr/recorder';
import { migrate, openEmbedded } from '@dispatchr/store';
import { openTestStore, type TestStore } from '@dispatchr/testkit';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callEnqueue, type EnqueueArguments, TARGET } from '../test/call-enqueue.ts';
import { DUE_CHANNEL } from './statements/announce-due-tasks.ts';

/** A producer's own connections to the database of a recorder; the other recorder has a database of its own to compare. */
let here: TestStore;
let elsewhere: TestStore;
let sql: postgres.Sql;
let recorder: RecorderServer;
let otherRecorder: RecorderServer;
beforeAll(async () => {
  [here, elsewhere] = await Promise.all([openTestStore(), openTestStore()]);
  sql = postgres(here.url, { max: 4, onnotice: () => undefined });
  [recorder, otherRecorder] = await Promise.all([start(here), start(elsewhere)]);
});
afterAll(async () => {
  await sql.end();
  await Promise.all([recorder, otherRecorder].map((server) => server.close()));
  await Promise.all([here, elsewhere].map((fixture) => fixture.close()));
});

function start({ store }: TestStore): Promise<RecorderServer> {
  const targetPolicy = parseTargetPolicy({ listensOnLoopback: true, allow: [] });
  return startRecorder({ store, newId: () => crypto.randomUUID(), now: Date.now, port: 0, targetPolicy });
}

const enqueue = (given: EnqueueArguments, on: postgres.ISql = sql) => callEnqueue(on, given);

/** Submits a JSON text over HTTP. */
async function submit(to: RecorderServer, body: string): Promise<{ status: number; id: string }> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${to.url}/v1/tasks`, { method: 'POST', headers, body });
  return { status: response.status, ...((await response.json()) as { id: string }) };
}

const rowsOf = (id: string, { database }: TestStore = here) =>
  database.query(
    {
      name: 'rows-of',
      role: 'read',
      text: `SELECT to_jsonb(t) - '{seq,created_at}'::text[] AS task, to_jsonb(u) - 'seq' AS unfinished,
          t.due_at = t.created_at AS is_due_at_once
        FROM dispatchr.tasks t JOIN dispatchr.unfinished_tasks u USING (seq) WHERE id = $1::text`,
    },
    [id],
  );

describe('dispatchr.enqueue', () => {
  it('leaves nothing of a transaction that is rolled back', async () => {
    let id = '';
    const rolledBack = sql.begin(async (transaction) => {
      id = await enqueue({ queue: 'rolled-back' }, transaction);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    expect(await rowsOf(id)).toEqual([]);
    expect(await claim('rolled-back')).toEqual([]);
  });

  it('records what is claimed like a submitted task once the transaction has committed', async () => {
    const id = await sql.begin(async (transaction) => {
      const enqueued = await enqueue(
        { queue: 'committed', task_args: ' {"n": 12345678901234567890} ' },
        transaction,
      );
      expect(await claim('committed')).toEqual([]);
      return enqueued;
    });
    expect(await claim('committed')).toMatchObject([
      { id, target: TARGET, taskName: 'send-receipt', taskArgs: '{"n": 12345678901234567890}', attempt: 1 },
    ]);
  });

  it('makes ids that are UUIDs of version 7 in the order of their time', async () => {
    const made = await sql`SELECT dispatchr.enqueue(${TARGET}, 'count') AS id FROM generate_series(1, 100)`;
    const ids = made.map((row) => String(row['id']));
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids).toEqual(ids.toSorted());
  });

  it('serves a role that may use the schema and nothing in it', async () => {
    await sql.begin(async (transaction) => {
      await transaction`CREATE ROLE producer_of_tasks`;
      await transaction`GRANT USAGE ON SCHEMA dispatchr TO producer_of_tasks`;
      await transaction`SET LOCAL ROLE producer_of_tasks`;
      expect(await enqueue({ id: 'by-a-producer' }, transaction)).toBe('by-a-producer');
      const reading = transaction.savepoint((inner) => inner`SELECT FROM dispatchr.tasks`);
      await expect(reading).rejects.toThrow(/permission denied/);
      await transaction`RESET ROLE`;
      await transaction`DROP OWNED BY producer_of_tasks`;
      await transaction`DROP ROLE producer_of_tasks`;
    });
    expect(await rowsOf('by-a-producer')).toHaveLength(1);
  });

  it('tells schedulers at the commit, once for all tasks of a transaction, and not before', async () => {
    const heard: string[] = [];
    const { unlisten } = await sql.listen(DUE_CHANNEL, (payload) => void heard.push(payload));
    await sql
      .begin(async (transaction) => {
        await enqueue({}, transaction);
        throw new Error('no');
      })
      .catch(() => undefined);
    await sql.begin(async (transaction) => {
      await enqueue({}, transaction);
      await enqueue({}, transaction);
      // What was sent before would be heard before this.
      await sql`SELECT pg_notify(${DUE_CHANNEL}, 'still open')`;
      await expect.poll(() => heard).toContain('still open');
    });
    await expect.poll(() => heard).toEqual(['still open', 'enqueue']);
    await unlisten();
  });
});

/** The same task for `dispatchr.enqueue` and for `POST /v1/tasks`. */
const SAME: [what: string, enqueued: EnqueueArguments, submitted: string][] = [
  ['nothing but what is required', {}, `{"target":"${TARGET}","taskName":"send-receipt"}`],
  [
    'every member',
    {
      target: 'HTTP://App.Example.com:80/Tasks?x=1',
      task_args:
        '{"B" : 1e5, "a":["\\u00e9\\n", null, {}], "__proto__": 12345678901234567890, "é": "\u2028/"}',
      queue: 'reports',
      flow_key: 'Müller & Söhne "2"',
      priority: -7,
      due_at: '2030-01-31T12:00:00.123Z',
      expires_at: '2030-02-01 13:00+01',
      timeout_ms: 5000,
      retry: '{"maxAttempts":5,"jitter":0.5,"retryOn":["422"],"failOn":["4xx"]}',
      headers: '{"X-Tenant":"17","Authorization":"Bearer \\"x\\""}',
    },
    `{"headers":{"Authorization":"Bearer \\"x\\"","X-Tenant":"17"},"target":"HTTP://App.Example.com:80/Tasks?x=1",
      "taskName":"send-receipt","queue":"reports","flowKey":"Müller & Söhne \\"2\\"","priority":-7,
      "taskArgs":{"B" : 1e5, "a":["\\u00e9\\n", null, {}], "__proto__": 12345678901234567890, "é": "\u2028/"},
      "dueAt":"2030-01-31T12:00:00.123Z","expiresAt":"2030-02-01T12:00:00.000Z","timeoutMs":5000,
      "retry":{"maxAttempts":5,"jitter":0.5,"retryOn":["422"],"failOn":["4xx"]}}`,
  ],
  ...[
    'http://127.0.0.1:8000',
    'https://[2606:4700:0:0:0:0:0:1111]:443/x',
    'http://[::1]:0080?x',
    'https://example.com.:8443/a@b',
    'http://a_b.example:80',
  ].map((target): [string, EnqueueArguments, string] => [
    target,
    { target, task_args: 'null' },
    `{"target":"${target}","taskName":"send-receipt","taskArgs":null}`,
  ]),
];

describe('a task that is enqueued', () => {
  it.each(SAME)(
    'is recorded column by column as one that is submitted: %s',
    async (what, enqueued, submitted) => {
      const id = `same:${SAME.findIndex(([each]) => each === what)}`;
      await enqueue({ ...enqueued, id });
      const { status } = await submit(otherRecorder, `{"id":"${id}",${submitted.slice(1)}`);
      expect(status).toBe(201);
      const [mine, theirs] = await Promise.all([rowsOf(id), rowsOf(id, elsewhere)]);
      expect(mine.map(comparable)).toEqual(theirs.map(comparable));
      expect(mine).toHaveLength(1);
    },
  );

  it.each(SAME)(
    'is the same task as the one that is submitted with its id: %s',
    async (what, enqueued, submitted) => {
      const id = `both:${SAME.findIndex(([each]) => each === what)}`;
      const body = `{"id":"${id}",${submitted.slice(1)}`;
      expect(await enqueue({ ...enqueued, id })).toBe(id);
      expect((await submit(recorder, body)).status).toBe(200);
      expect(await enqueue({ ...enqueued, id })).toBe(id);
      expect(await rowsOf(id)).toHaveLength(1);
    },
  );
});

/** Instants differ by the moment; texts of JSON by the order of members. */
function comparable({ task, unfinished, is_due_at_once }: Record<string, unknown>) {
  const { due_at, retry, headers, ...others } = task as Record<string, unknown>;
  const dueAt = is_due_at_once === true ? 'at once' : due_at;
  const parsed = [retry, headers].map((text) => JSON.parse(String(text)) as unknown);
  return { ...others, parsed, unfinished: { ...(unfinished as object), due_at: dueAt }, dueAt };
}

describe('the same id twice', () => {
  it('is an error with other content, whoever recorded the first', async () => {
    await enqueue({ id: 'twice', task_args: '{"a":1}' });
    expect(await enqueue({ id: 'twice', task_args: ' {"a" : 1}' })).toBe('twice');
    const conflict = enqueue({ id: 'twice', task_args: '{"a":2}' });
    await expect(conflict).rejects.toMatchObject({
      code: '23505',
      message:
        'enqueue: id: expected a new id or the task it names, got "twice", which is a task with other content',
    });
    await submit(recorder, `{"id":"over-http","target":"${TARGET}","taskName":"send-receipt"}`);
    expect(await enqueue({ id: 'over-http' })).toBe('over-http');
    await expect(enqueue({ id: 'over-http', priority: 1 })).rejects.toThrow('got "over-http"');
  });

  it('waits for the transaction that has the id, and takes its place if that is rolled back', async () => {
    const { promise: isOver, resolve: end } = Promise.withResolvers<void>();
    const { promise: isEnqueued, resolve: enqueued } = Promise.withResolvers<void>();
    const first = sql.begin(async (transaction) => {
      await enqueue({ id: 'contended', priority: 1 }, transaction);
      enqueued();
      await isOver;
      throw new Error('no');
    });
    await isEnqueued;
    const second = enqueue({ id: 'contended', priority: 2 });
    await expect
      .poll(() => sql`SELECT FROM pg_locks WHERE NOT granted AND locktype = 'transactionid'`)
      .toHaveLength(1);
    end();
    await expect(first).rejects.toThrow('no');
    expect(await second).toBe('contended');
    expect(await rowsOf('contended')).toMatchObject([{ task: { priority: 2 } }]);
  });
});

it('is there on the embedded database too', { timeout: 120_000 }, async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'dispatchr-enqueue-'));
  const database = await openEmbedded({ dataDir });
  await migrate(database);
  const text = `SELECT dispatchr.enqueue('${TARGET}', 'send-receipt', '{"b":[1],"a":"é"}', id => 'embedded') AS id`;
  const rows = await database.query({ name: 'enqueue', role: 'submit', text }, []);
  expect(rows).toEqual([{ id: 'embedded' }]);
  const [mine] = await database.query(
    { name: 'fingerprint', role: 'read', text: 'SELECT fingerprint FROM dispatchr.tasks' },
    [],
  );
  await database.close();
  await rm(dataDir, { recursive: true, force: true });

  await enqueue({ id: 'embedded', task_args: '{"a":"é","b":[1]}' });
  expect(await rowsOf('embedded')).toMatchObject([{ task: mine }]);
});

function claim(queue: string) {
  return here.store.claimDueTasks({
    scheduler: 'scheduler-1',
    exceptOrigins: [],
    originLimits: [],
    otherOriginLimit: 10,
    queues: [{ queue, quota: 10, priorities: [0], version: '' }],
  });
}
