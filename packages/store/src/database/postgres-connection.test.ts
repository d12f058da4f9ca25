import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { openTestStore, realTimer, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { type ConnectionOptions, PostgresConnection } from './postgres-connection.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

function open(url: string, options?: ConnectionOptions): PostgresConnection {
  const settings = {
    url,
    timeoutMs: 10_000,
    prepare: true,
    applicationName: 'dispatchr-test',
    timer: realTimer,
  };
  const connection = new PostgresConnection(settings, options);
  onTestFinished(() => connection.destroy());
  return connection;
}

const backendOf = async (connection: PostgresConnection) =>
  Number((await connection.run('SELECT pg_backend_pid() AS pid'))[0]?.['pid']);

const query = (text: string) => fixture.database.query({ name: text, role: 'read', text }, []);
const terminate = (pid: number) => query(`SELECT pg_terminate_backend(${pid})`);

async function isSleeping(pid: number): Promise<boolean> {
  const rows = await query(`SELECT FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'PgSleep'`);
  return rows.length === 1;
}

test('a connection that its server ended while it was idle is of no use any more', async () => {
  let tellClosed = (): void => undefined;
  const closed = new Promise<void>((resolve) => (tellClosed = resolve));
  const connection = open(fixture.url, { onClose: tellClosed });
  const pid = await backendOf(connection);
  expect(connection.isUsable).toBe(true);
  await terminate(pid);
  await closed;
  expect(connection.isUsable).toBe(false);
});

test('a request to cancel that nobody takes does no harm', async () => {
  const uncaught = listenForUncaught();
  const proxy = await startProxy(fixture.url);
  const connection = open(proxy.url);
  const pid = await backendOf(connection);
  const running = connection.run('SELECT pg_sleep(60)').catch(() => 'ended');
  await vi.waitFor(async () => expect(await isSleeping(pid)).toBe(true), 10_000);
  proxy.stopListening();
  connection.requestCancel();
  // One dial later: that of the request was refused before this one.
  await refusedDial(proxy.port);
  await setImmediate();
  expect(uncaught).toEqual([]);
  await terminate(pid);
  expect(await running).toBe('ended');
});

function refusedDial(port: number): Promise<unknown> {
  return new Promise((resolve) => connect(port, '127.0.0.1').on('error', resolve));
}

function listenForUncaught(): unknown[] {
  const uncaught: unknown[] = [];
  const listener = (error: unknown) => void uncaught.push(error);
  process.on('uncaughtException', listener);
  onTestFinished(() => void process.off('uncaughtException', listener));
  return uncaught;
}

/** A TCP proxy before PostgreSQL that can stop taking connections while it keeps those that it has. */
async function startProxy(url: string) {
  const { hostname, port: serverPort } = new URL(url);
  const sockets: Socket[] = [];
  const server = createServer((client) => {
    const upstream = connect(Number(serverPort || 5432), hostname);
    client.pipe(upstream).pipe(client);
    client.on('error', () => undefined).on('close', () => upstream.destroy());
    upstream.on('error', () => undefined).on('close', () => client.destroy());
    sockets.push(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => sockets.forEach((socket) => socket.destroy()));
  const { port } = server.address() as AddressInfo;
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;
  return { url: through.href, port, stopListening: () => void server.close() };
}
