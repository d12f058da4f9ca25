import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type DatabaseProxy, startProxy } from './proxy.ts';

/** Stands for the database: it answers every chunk with what the test says. */
let database: Server;
let proxy: DatabaseProxy;
let client: Socket;
let answer: Buffer;

beforeEach(async () => {
  answer = Buffer.from('an answer');
  database = createServer((socket) => {
    socket.on('data', () => socket.write(answer)).on('error', () => undefined);
  }).listen(0, '127.0.0.1');
  await once(database, 'listening');
  proxy = await startProxy((database.address() as AddressInfo).port);
  client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
});
afterEach(async () => {
  client.destroy();
  await proxy.close();
  database.close();
});

const ask = async (): Promise<string> => {
  client.write('a question');
  const [chunk] = (await once(client, 'data')) as [Buffer];
  return chunk.toString();
};

test('questions and answers pass', async () => {
  expect(await ask()).toBe('an answer');
});

test('what a blackhole held back comes when it ends', async () => {
  await ask();
  proxy.blackhole();
  const answered = ask();
  proxy.pass();
  expect(await answered).toBe('an answer');
});

test('a connection that was made during a blackhole works after it', async () => {
  proxy.blackhole();
  client.destroy();
  client = connect(proxy.port, '127.0.0.1');
  await once(client, 'connect');
  const answered = ask();
  proxy.pass();
  expect(await answered).toBe('an answer');
});

test('a cut ends the connections there are, and not the next one', async () => {
  await ask();
  const closed = once(client, 'close');
  expect(proxy.cut()).toBe(1);
  await closed;
  client = connect(proxy.port, '127.0.0.1');
  expect(await ask()).toBe('an answer');
});

test('of a truncated answer half arrives before the end', async () => {
  proxy.truncate(1);
  client.write('a question');
  const chunks: Buffer[] = [];
  client.on('data', (chunk) => void chunks.push(chunk));
  await once(client, 'close');
  expect(Buffer.concat(chunks).toString()).toBe('an a');
});

/** The first message of a session, and two simple queries. */
const STARTUP = '\0\0\0\x0e\0\x03\0\0user\0\0';
const WRITE = 'Q\0\0\0\x17UPDATE t SET x = 1\0';
const READ = 'Q\0\0\0\x0dSELECT 1\0';
/** ReadyForQuery, outside of a transaction. */
const READY = Buffer.from('Z\0\0\0\x05I');

test('of a statement that writes the answer is swallowed, once it is committed', async () => {
  answer = READY;
  proxy.swallowAnswers(1);
  client.write(STARTUP + WRITE);
  const chunks: Buffer[] = [];
  client.on('data', (chunk) => void chunks.push(chunk));
  await once(client, 'close');
  expect(chunks).toEqual([]);
});

test('of a statement that only reads the answer passes', async () => {
  answer = READY;
  proxy.swallowAnswers(1);
  client.write(STARTUP + READ);
  const [chunk] = (await once(client, 'data')) as [Buffer];
  expect(chunk).toEqual(READY);
});
