import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { Worker } from 'node:worker_threads';

/** A server below HTTP, on loopback. */
export interface HostileServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Calls `greet` with each new connection; with a certificate, after its TLS handshake. */
export async function startHostileServer(
  greet: (socket: Socket) => void,
  certificate?: { key: string; cert: string },
): Promise<HostileServer> {
  const sockets = new Set<Socket>();
  const server = certificate === undefined ? createServer(greet) : createTlsServer(certificate, greet);
  const keep = (socket: Socket) => {
    sockets.add(socket);
    // A peer that breaks a connection off does so on purpose here.
    socket.on('error', () => undefined);
  };
  server.on('connection', keep).on('secureConnection', keep);
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}/hook`,
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

/** An address that never answers a connect, as behind a firewall that drops packets. */
export async function startBlackhole(): Promise<HostileServer> {
  const listener = new Worker(LISTEN_AND_STAND_STILL, { eval: true });
  const [port] = (await once(listener, 'message')) as [number];
  // The kernel accepts as many as the backlog holds and drops what comes after them.
  const fillers = Array.from({ length: 8 }, () => connect(port, '127.0.0.1'));
  for (const filler of fillers) filler.on('error', () => undefined);
  await Promise.race(fillers.map((filler) => once(filler, 'connect')));
  return {
    url: `http://127.0.0.1:${port}/hook`,
    async close() {
      for (const filler of fillers) filler.destroy();
      await listener.terminate();
    },
  };
}

/** Only a thread that stands still leaves the connections in the kernel's queue. */
const LISTEN_AND_STAND_STILL = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  });
`;
