import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import express from 'express';
import Fastify from 'fastify';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { ADAPTER_SERVERS } from '../../../test/adapter-servers.ts';
import { listen } from '../../../test/listening-server.ts';
import type { ListeningServer } from '../../../test/listening-server.ts';
import { OTHER_SECRET, SECRET, signedDelivery } from '../../../test/signed-delivery.ts';
import type { DeliveryChoices, SentDelivery } from '../../../test/signed-delivery.ts';
import { createTarget } from '../create-target.ts';
import { Reject, RetryLater } from '../handler-errors.ts';
import { task } from '../task.ts';
import { toExpressHandler } from './to-express-handler.ts';
import { toFastifyPlugin } from './to-fastify-plugin.ts';
import { toFetchHandler } from './to-fetch-handler.ts';

const MAX_BODY_BYTES = 200_000;

const servers: ListeningServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
async function opened(server: Promise<ListeningServer>): Promise<string> {
  servers.push(await server);
  return `${(await server).url}/tasks`;
}

const send = (url: string, { headers, body }: SentDelivery) => fetch(url, { method: 'POST', headers, body });
type RawRequest = SentDelivery & { length?: number };

/** Sends a request over a socket of its own; `length` is the announced one, if it is not that of the body. */
async function sendRaw(url: string, request: RawRequest): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  sendOn(socket, request);
  return socket;
}
function sendOn(socket: Socket, { headers, body, length = body.length }: RawRequest): void {
  const lines = Object.entries({ host: 'a', 'content-length': length, ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.write(`POST /tasks HTTP/1.1\r\n${head}\r\n`);
  socket.write(body);
}
async function nextText(socket: Socket): Promise<string> {
  const [data] = (await once(socket, 'data')) as [Buffer];
  return data.toString();
}
const receiptTarget = (run: (args: { orderId: number }) => unknown = () => {}) =>
  createTarget({
    secrets: [SECRET],
    maxBodyBytes: MAX_BODY_BYTES,
    onError: () => {},
    tasks: {
      'send-receipt': task({ args: z.object({ orderId: z.number() }), run }),
      print: task({ run: () => Promise.reject(new RetryLater({ afterMs: 3000 })) }),
      burn: task({ run: () => Promise.reject(new Reject({ detail: 'no such order' })) }),
      break: task({ run: () => Promise.reject(new Error('hunter2')) }),
    },
  });

describe.each(Object.entries(ADAPTER_SERVERS))('%s', (_name, serve) => {
  const body = (taskName: string, taskArgs: unknown = null) => JSON.stringify({ taskName, taskArgs });
  const answer = async (choices: DeliveryChoices) => {
    const response = await send(await opened(serve(receiptTarget())), signedDelivery(choices));
    return { status: response.status, headers: response.headers, text: await response.text() };
  };

  it('hands a signed delivery to its handler and answers 204', async () => {
    const run = vi.fn();
    const url = await opened(serve(receiptTarget(run)));
    const response = await send(url, signedDelivery());
    expect([response.status, await response.text()]).toEqual([204, '']);
    expect(run.mock.calls).toEqual([[{ orderId: 1842 }, expect.anything(), expect.anything()]]);
  });

  it('checks the signature over the raw bytes, of any content type', async () => {
    const odd = ' {"taskArgs" :\n{"orderId":1.0, "caf\\u00e9":"☕"},"taskName":"send-receipt"}';
    for (const type of [
      'application/json',
      'text/plain; charset=latin1',
      'application/x-www-form-urlencoded',
    ]) {
      const { status } = await answer({ body: odd, headers: { 'content-type': type } });
      expect(status, type).toBe(204);
    }
  });

  it.each([
    ['a wrong secret', { secrets: [OTHER_SECRET] }, 401],
    ['no signature', { secrets: [] }, 401],
    ['a body that is no task', { body: '[]' }, 400],
    ['no body', { body: '' }, 400],
    ['a task that is not known', { body: body('refund') }, 404],
    ['bad arguments', { body: body('send-receipt', { orderId: '1842' }) }, 422],
  ])('refuses %s', async (_what, choices, status) => {
    const refused = await answer(choices);
    expect(refused.status).toBe(status);
    expect(refused.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(JSON.parse(refused.text)).toMatchObject({ status, detail: expect.any(String) as string });
  });

  it('says what a handler says', async () => {
    const later = await answer({ body: body('print') });
    expect([later.status, later.headers.get('retry-after')]).toEqual([500, '3']);
    const rejected = await answer({ body: body('burn') });
    expect([rejected.status, rejected.headers.get('dispatchr-retry')]).toEqual([422, 'no']);
    const broken = await answer({ body: body('break') });
    expect([broken.status, broken.text.includes('hunter2')]).toEqual([500, false]);
  });

  it('takes a body up to the limit, and answers 413 beyond it', async () => {
    const frame = body('send-receipt', { orderId: 1, text: '' }).length;
    const sized = (bytes: number) => body('send-receipt', { orderId: 1, text: 'x'.repeat(bytes - frame) });
    expect((await answer({ body: sized(MAX_BODY_BYTES) })).status).toBe(204);
    expect((await answer({ body: sized(MAX_BODY_BYTES + 1) })).status).toBe(413);
  });

  it('tells the handler when nobody waits any more', async () => {
    const { promise: begun, resolve: begin } = Promise.withResolvers<void>();
    const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
    const wait = task({
      run: async (_args, _delivery, { signal }) => {
        signal.addEventListener('abort', () => abort(), { once: true });
        begin();
        await aborted;
      },
    });
    const url = await opened(serve(createTarget({ tasks: { 'send-receipt': wait } })));
    const socket = await sendRaw(url, signedDelivery());
    await begun;
    socket.destroy();
    await expect(aborted).resolves.toBeUndefined();
  });
});

describe('a body beyond the limit that is still on its way', () => {
  const readers = ['toNodeHandler', 'toExpressHandler before a parser', 'toFastifyPlugin'] as const;

  it.each(readers)('is answered 413 at once, and leaves the connection usable: %s', async (name) => {
    const url = await opened(ADAPTER_SERVERS[name](receiptTarget()));
    const begun = Buffer.alloc(MAX_BODY_BYTES + 1);
    const length = 10 * begun.length;
    const socket = await sendRaw(url, { ...signedDelivery(), body: begun, length });
    expect(await nextText(socket)).toMatch(/^HTTP\/1\.1 413 /);
    socket.write(Buffer.alloc(length - begun.length));
    sendOn(socket, signedDelivery());
    expect(await nextText(socket)).toMatch(/^HTTP\/1\.1 204 /);
    socket.destroy();
  });
});

describe('a body that something else has read', () => {
  it('is a clear 500 behind express.json(), so that the task is tried again', async () => {
    const app = express();
    app.use(express.json());
    app.post('/tasks', toExpressHandler(receiptTarget()));
    const response = await send(await opened(listen(createServer(app))), signedDelivery());
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('mount it before express.json()');
  });

  it('is a clear 500 in a Request that was read', async () => {
    const { headers, body } = signedDelivery();
    const request = new Request('http://localhost/tasks', { method: 'POST', headers, body });
    await request.text();
    const response = await toFetchHandler(receiptTarget())(request);
    expect(response.status).toBe(500);
    expect(await response.text()).toContain('before its body is read');
  });
});

describe('toFastifyPlugin in an app', () => {
  it('leaves the parsers of the app alone', async () => {
    const app = Fastify();
    app.register(toFastifyPlugin(receiptTarget(), { path: '/tasks' }));
    app.post('/echo', (request) => ({ echo: request.body }));
    expect((await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })).json()).toEqual({
      echo: { a: 1 },
    });
    const { headers, body } = signedDelivery();
    const payload = Buffer.from(body);
    expect((await app.inject({ method: 'POST', url: '/tasks', headers, payload })).statusCode).toBe(204);
    await app.close();
  });
});
