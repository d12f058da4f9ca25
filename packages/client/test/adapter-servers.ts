import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import express from 'express';
import Fastify from 'fastify';
import type { Target } from '../src/target/create-target.ts';
import { toExpressHandler } from '../src/target/adapters/to-express-handler.ts';
import { toFastifyPlugin } from '../src/target/adapters/to-fastify-plugin.ts';
import { toFetchHandler } from '../src/target/adapters/to-fetch-handler.ts';
import { toNodeHandler } from '../src/target/adapters/to-node-handler.ts';
import { listen } from './listening-server.ts';
import type { ListeningServer } from './listening-server.ts';

/** Serves a target at `/tasks`. */
export type ServeTarget = (target: Target) => Promise<ListeningServer>;

/** Every way to put a target behind a server that is promised to work. */
export const ADAPTER_SERVERS = {
  toNodeHandler: (target) => listen(createServer(toNodeHandler(target))),
  toFetchHandler: (target) => serveFetch(toFetchHandler(target)),
  'toExpressHandler before a parser': (target) => {
    const app = express();
    app.post('/tasks', toExpressHandler(target));
    app.use(express.json());
    return listen(createServer(app));
  },
  'toExpressHandler behind express.raw()': (target) => {
    const app = express();
    app.use(express.raw({ type: () => true, limit: target.maxBodyBytes }));
    app.post('/tasks', toExpressHandler(target));
    return listen(createServer(app));
  },
  toFastifyPlugin: async (target) => {
    const app = Fastify();
    app.register(toFastifyPlugin(target, { path: '/tasks' }));
    const url = await app.listen({ port: 0, host: '127.0.0.1' });
    return {
      url,
      async close() {
        app.server.closeAllConnections();
        await app.close();
      },
    };
  },
} satisfies Record<string, ServeTarget>;

/** Serves a function from `Request` to `Response` over `node:http`, as frameworks do. */
function serveFetch(handle: (request: Request) => Promise<Response>): Promise<ListeningServer> {
  const server = createServer((incoming, outgoing) => {
    const gone = new AbortController();
    outgoing.once('close', () => gone.abort());
    const { method = 'GET', url = '/' } = incoming;
    const body = method === 'GET' ? undefined : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
    const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [
      name,
      String(value),
    ]);
    const init = { method, headers, signal: gone.signal, ...(body ? { body, duplex: 'half' as const } : {}) };
    void handle(new Request(new URL(url, 'http://localhost'), init)).then(async (response) => {
      outgoing.writeHead(response.status, Object.fromEntries(response.headers));
      outgoing.end(await response.text());
    });
  });
  return listen(server);
}
