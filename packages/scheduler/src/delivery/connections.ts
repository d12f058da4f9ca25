import type { Socket } from 'node:net';
import { Client } from 'undici';
import type { Connect } from './connect.ts';
import type { Exchange } from './exchange.ts';

/** One dialled socket with the HTTP/1.1 client on it; it lives and dies with that socket. */
export interface Connection {
  readonly origin: string;
  readonly client: Client;
  readonly socket: Socket;
  /** What hears of the bytes that the socket reads, ahead of the client, which would parse what is too much. */
  exchange?: Exchange | undefined;
}

/** Connections by origin: opened for one attempt each, kept alive for the next one. */
export interface Connections {
  /** An idle connection to the origin, if there is one. */
  takeIdle(origin: string): Connection | undefined;
  /** Dials; rejects with a `DialError`. */
  open(url: URL, signal: AbortSignal): Promise<Connection>;
  /** Keeps the connection for the next attempt, unless it is closed or enough are idle. */
  giveBack(connection: Connection): void;
  /** Ends the connection, whatever it does at the moment. */
  discard(connection: Connection): void;
  /** How many connections are idle. */
  idleCount(): number;
  /** Ends the idle connections. */
  close(): void;
}

/** Keeps at most `maxIdle` idle connections over all origins; the one idle for longest gives way. */
export function createConnections(connect: Connect, maxIdle: number): Connections {
  const idle = new Map<string, Connection[]>();
  const oldest = new Set<Connection>();

  const forget = (connection: Connection): void => {
    if (!oldest.delete(connection)) return;
    const same = idle.get(connection.origin) ?? [];
    same.splice(same.lastIndexOf(connection), 1);
    if (same.length === 0) idle.delete(connection.origin);
  };
  const pop = (origin: string): Connection | undefined => {
    const same = idle.get(origin);
    const connection = same?.pop();
    if (connection !== undefined) oldest.delete(connection);
    if (same?.length === 0) idle.delete(origin);
    return connection;
  };
  const discard = (connection: Connection): void => {
    forget(connection);
    connection.client.destroy().catch(() => {});
    connection.socket.destroy();
  };

  return {
    takeIdle(origin) {
      // The one used last: the others may then time out and shrink the pool.
      for (let connection = pop(origin); connection !== undefined; connection = pop(origin)) {
        // Undici closes some sockets just after it has reported the end of the response.
        if (!connection.socket.destroyed) return connection;
      }
      return undefined;
    },
    async open(url, signal) {
      const socket = await connect(url, signal);
      const connection: Connection = { origin: url.origin, socket, client: clientOn(socket, url.origin) };
      socket.once('close', () => forget(connection));
      // Once for all its exchanges: to remove a listener of `readable` costs as much as to parse a short answer.
      socket.prependListener('readable', () => connection.exchange?.onBytesRead(socket.bytesRead));
      return connection;
    },
    giveBack(connection) {
      if (connection.socket.destroyed || maxIdle === 0) {
        discard(connection);
        return;
      }
      const same = idle.get(connection.origin);
      if (same === undefined) idle.set(connection.origin, [connection]);
      else same.push(connection);
      oldest.add(connection);
      if (oldest.size <= maxIdle) return;
      const [longest] = oldest;
      if (longest !== undefined) discard(longest);
    },
    discard,
    idleCount: () => oldest.size,
    close() {
      for (const connection of oldest) discard(connection);
    },
  };
}

/** Bound of a response's header section, in bytes. */
export const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Undici's own connector, pool and agent cannot tell a connect to which attempt's deadline it belongs, so every
 * client gets one socket that is already dialled, and none after it.
 */
function clientOn(socket: Socket, origin: string): Client {
  let unused: Socket | undefined = socket;
  return new Client(origin, {
    connect: (_options, callback) => {
      const given = unused;
      unused = undefined;
      // The client ignores a socket that arrives while it is still asking for it.
      queueMicrotask(() => {
        if (given === undefined) callback(new Error('the idle connection was closed'), null);
        else callback(null, given);
      });
    },
    allowH2: false,
    pipelining: 1,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The attempt's own deadline stands instead: 103 after 103 or a drip of bytes would reset these.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
