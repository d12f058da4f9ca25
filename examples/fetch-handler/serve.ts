// Serves the handler of route.ts with node:http, for whoever has no framework at hand. PORT is where (default 8002).
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { POST } from './route.ts';

const { PORT = '8002' } = process.env;

async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await POST(
    new Request(new URL(request.url ?? '/', 'http://127.0.0.1'), {
      method: 'POST',
      headers: new Headers(request.headers as Record<string, string>),
      body: Readable.toWeb(request) as ReadableStream<Uint8Array>,
      duplex: 'half',
    }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text());
}

const server = createServer((request, response) => {
  // A scheduler that went away amid its request must not end the process.
  serve(request, response).catch(() => response.destroy());
});
server.listen(Number(PORT), '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
