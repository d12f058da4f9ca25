import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Database, DatabaseUnavailableError } from '@dispatchr/store';
import { openTestDatabase, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { ConnectionRole } from './database.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

const query = (database: Database, text: string) => database.query({ name: text, role: 'read', text }, []);

const TERMINATE_OTHERS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()`;

/** Another process's view of the same database. */
async function withDatabase(url: string, work: (database: Database) => Promise<void>, timeoutMs = 10_000) {
  const database = await openTestDatabase(url, { timeoutMs, listenUrl: fixture.url });
  try {
    await work(database);
  } finally {
    await database.close();
  }
}

test('statements are never compiled just in time', async () => {
  await withDatabase(fixture.url, async (database) => {
    expect(await query(database, 'SHOW jit')).toEqual([{ jit: 'off' }]);
  });
});

test('what delivers is planned by index, and what reads whole tables is not', async () => {
  await withDatabase(fixture.url, async (database) => {
    const shown = async (role: ConnectionRole) => {
      const statement = { name: 'show', role, text: 'SHOW enable_seqscan' };
      return (await database.query(statement, []))[0]?.['enable_seqscan'];
    };
    for (const role of ['submit', 'claim', 'settle'] as const) expect(await shown(role)).toBe('off');
    expect(await shown('read')).toBe('on');
  });
});

test('a pooler that takes no settings at the beginning gets none', async () => {
  const pooler = await startStrictPooler(fixture.url);
  await withDatabase(pooler.url, async (database) => {
    expect(await query(database, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
  expect(pooler.refused()).toBeGreaterThan(0);
  await pooler.close();
});

test('terminated connections come back without a restart', async () => {
  await withDatabase(fixture.url, async (database) => {
    await query(fixture.database, TERMINATE_OTHERS);
    // The driver may notice only with the next call; that one fails as unavailable, and the one after it succeeds.
    await query(database, 'SELECT 1').catch((error: unknown) =>
      expect(error).toBeInstanceOf(DatabaseUnavailableError),
    );
    expect(await query(database, 'SELECT 2 AS two')).toEqual([{ two: 2 }]);
  });
});

test('a connection that hangs is given up at the deadline and replaced', async () => {
  const proxy = await startProxy(fixture.url);
  await withDatabase(
    proxy.url,
    async (database) => {
      await query(database, 'SELECT 1');
      proxy.freeze();
      await expect(query(database, 'SELECT 1')).rejects.toThrow(/did not answer within 500 ms/);
      proxy.thaw();
      expect(await query(database, 'SELECT 2 AS two')).toEqual([{ two: 2 }]);
    },
    500,
  );
  await proxy.close();
});

test('a call over its deadline is cancelled on the server and disturbs no other', async () => {
  await query(fixture.database, 'CREATE TABLE locked (n int)');
  await withDatabase(
    fixture.url,
    async (database) => {
      await fixture.database.transaction('read', async (transaction) => {
        await transaction.query({ name: 'lock', role: 'read', text: 'LOCK TABLE locked' }, []);
        const blocked = query(database, 'SELECT * FROM locked');
        const other = query(database, 'SELECT pg_sleep(0.7)');
        await expect(blocked).rejects.toThrow(/did not answer within 1000 ms/);
        await other;
        await vi.waitFor(async () => expect(await countBlocked()).toBe(0), 5000);
      });
    },
    1000,
  );
});

async function countBlocked(): Promise<number> {
  const text = `SELECT count(*)::int4 AS n FROM pg_locks l JOIN pg_database d ON d.oid = l.database
    WHERE NOT granted AND d.datname = current_database()`;
  const [row] = await query(fixture.database, text);
  return Number(row?.['n']);
}

test('a connection that is lost inside a transaction fails that transaction and nothing else', async () => {
  await withDatabase(fixture.url, async (database) => {
    const work = database.transaction('submit', async (transaction) => {
      const run = (text: string) => transaction.query({ name: text, role: 'submit', text }, []);
      await run('CREATE TABLE lost (n int)');
      await query(fixture.database, TERMINATE_OTHERS);
      // Whether or not the driver noticed: nothing may run outside of the transaction that began.
      await run('CREATE TABLE outside (n int)').catch(() => undefined);
      return run('SELECT 1');
    });
    await expect(work).rejects.toBeInstanceOf(DatabaseUnavailableError);
    const [row] = await query(
      database,
      `SELECT to_regclass('lost') AS lost, to_regclass('outside') AS outside`,
    );
    expect(row).toEqual({ lost: null, outside: null });
  });
});

test('a peer that accepts and closes at once is dialled once a call', async () => {
  let dialled = 0;
  const server = createServer((socket) => {
    dialled += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await expect(openTestDatabase(`postgres://test@127.0.0.1:${port}/test`)).rejects.toBeInstanceOf(
    DatabaseUnavailableError,
  );
  expect(dialled).toBe(1);
  await new Promise((resolve) => server.close(resolve));
});

test('a refused connection is told as unavailable', async () => {
  const proxy = await startProxy(fixture.url);
  await withDatabase(proxy.url, async (database) => {
    await proxy.close();
    await expect(query(database, 'SELECT 1')).rejects.toBeInstanceOf(DatabaseUnavailableError);
  });
});

test('a session on a server that turned read-only is replaced', async () => {
  const name = new URL(fixture.url).pathname.slice(1);
  const setReadOnly = (value: string) =>
    query(fixture.database, `ALTER DATABASE "${name}" SET default_transaction_read_only = ${value}`);
  await setReadOnly('on');
  await withDatabase(fixture.url, async (database) => {
    // `fixture.database` opened its sessions before and stays writable.
    await setReadOnly('off');
    const write = () => query(database, `CREATE TABLE IF NOT EXISTS written (n int)`);
    await expect(write()).rejects.toBeInstanceOf(DatabaseUnavailableError);
    await write();
  });
});

test('a notification reaches a listener of another process, also after its connection was lost', async () => {
  await withDatabase(fixture.url, async (database) => {
    const heard: string[] = [];
    const stop = await database.listen('dispatchr_test', (payload) => heard.push(payload));
    const notify = (payload: string) =>
      query(fixture.database, `SELECT pg_notify('dispatchr_test', '${payload}')`);
    await notify('one');
    await vi.waitFor(() => expect(heard).toContain('one'));
    await query(fixture.database, TERMINATE_OTHERS);
    await vi.waitFor(() => notify('two').then(() => expect(heard).toContain('two')), 10_000);
    await stop();
  });
});

/** A TCP proxy before PostgreSQL that can stop passing anything on while it keeps connections open. */
async function startProxy(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  let isFrozen = false;
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port || 5432), hostname);
    const frozenWith = isFrozen;
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => void (isFrozen || frozenWith || to.write(data)));
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  const through = new URL(url);
  through.host = `127.0.0.1:${address.port}`;
  return {
    url: through.href,
    freeze: () => void (isFrozen = true),
    thaw: () => void (isFrozen = false),
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Refuses what begins with settings beyond those that PgBouncer knows, in its words; passes on the rest. */
async function startStrictPooler(databaseUrl: string) {
  const { hostname, port } = new URL(databaseUrl);
  let refused = 0;
  const server = createServer((client) => {
    client.on('error', () => client.destroy());
    client.once('data', (startup: Buffer) => {
      if (startup.includes('jit\0')) {
        refused += 1;
        client.end(errorResponse('08P01', 'unsupported startup parameter: jit'));
        return;
      }
      const upstream = connect(Number(port), hostname, () => void upstream.write(startup));
      upstream.on('error', () => client.destroy());
      client.pipe(upstream).pipe(client);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const url = Object.assign(new URL(databaseUrl), { port: String((server.address() as AddressInfo).port) });
  return {
    url: url.href,
    refused: () => refused,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** The message in which a server refuses (PostgreSQL manual, message formats). */
function errorResponse(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const header = Buffer.alloc(5);
  header.write('E');
  header.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([header, fields]);
}
