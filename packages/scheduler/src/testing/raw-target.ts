import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** A target below HTTP: it sees sockets and whole requests, and writes whatever bytes a test wants. */
export interface RawTarget {
  url: string;
  port: number;
  /** The requests so far, head and body as text. */
  requests: string[];
  /** The sockets so far. */
  sockets: Socket[];
  /** Resolves when the socket with this index is closed. */
  closed(index: number): Promise<void>;
  close(): Promise<void>;
}

/** Listens on loopback; `answer` is called with each whole request, `greet` with each new socket. */
export async function startRawTarget(
  answer: (socket: Socket, request: string, index: number) => void,
  greet: (socket: Socket) => void = () => {},
): Promise<RawTarget> {
  const requests: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    greet(socket);
    let unread = '';
    socket.on('data', (chunk) => {
      unread += chunk.toString('latin1');
      for (let size = wholeRequest(unread); size > 0; size = wholeRequest(unread)) {
        const request = unread.slice(0, size);
        unread = unread.slice(size);
        answer(socket, request, requests.push(request) - 1);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    port,
    requests,
    sockets,
    async closed(index) {
      const socket = sockets[index];
      if (socket !== undefined && !socket.closed)
        await new Promise((resolve) => socket.once('close', resolve));
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function wholeRequest(text: string): number {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) return 0;
  const length = Number(/content-length: (\d+)/i.exec(text.slice(0, end))?.[1] ?? 0);
  const size = end + 4 + length;
  return text.length >= size ? size : 0;
}
