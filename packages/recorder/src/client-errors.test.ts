import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createRecorderApp } from './recorder-app.ts';

const impatient = {
  requestTimeoutMs: 200,
  headersTimeoutMs: 100,
  connectionsCheckIntervalMs: 20,
  keepAliveTimeoutMs: 60_000,
};
const POST = 'POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';

/** A server, a sender that never closes its side of the connection, and the server's side of that. */
async function startStubbornSender() {
  const app = createRecorderApp(impatient);
  app.post('/v1/tasks', () => ({}));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const accepted = once(app.server, 'connection') as Promise<[Socket]>;
  const sender = connect({ host: '127.0.0.1', port, allowHalfOpen: true });
  sender.on('error', () => {});
  onTestFinished(async () => {
    sender.destroy();
    await app.close();
  });
  const [socket] = await accepted;
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  return { sender, closed };
}

describe('a connection whose sender never closes it is gone after', () => {
  test.each([
    ['silence', '', '', 408],
    ['half a header section', POST, '', 408],
    ['a header section in drops', POST, 'X-Drip: 1\r\n', 408],
    ['half a body', `${POST}Content-Length: 9999\r\n\r\n{`, '', 408],
    ['a body in drops', `${POST}Content-Length: 9999\r\n\r\n{`, ' ', 408],
    ['chunks in drops', `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`, '1\r\n \r\n', 408],
    ['what is not HTTP', 'HELLO\r\n\r\n', '', 400],
    ['too many header bytes', `${POST}X-Big: ${'x'.repeat(20_000)}\r\n`, '', 431],
  ])('%s, and it could read its answer', async (_name, beginning, drop, status) => {
    const { sender, closed } = await startStubbornSender();
    let answer = '';
    sender.setEncoding('latin1').on('data', (text: string) => (answer += text));
    sender.write(beginning);
    const drips = setInterval(() => sender.write(drop), 10);
    await closed;
    clearInterval(drips);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });
});
