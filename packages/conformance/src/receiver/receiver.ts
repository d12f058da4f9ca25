import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { UsageError } from '../run/violation.ts';
import type { Answer, Delivery } from './delivery.ts';
import { serveConnection } from './serve-connection.ts';
import { Target } from './target.ts';

/** Told of a delivery, and of the target that it came to if there is one. */
export type DeliveryListener = (delivery: Delivery, target: Target | undefined) => void;

interface Played {
  readonly target: Target;
  readonly onDelivery: DeliveryListener | undefined;
}

export interface ReceiverOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  /** PEM of a certificate and its key, to speak TLS. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Called with every delivery to any target, and with every request that no target expects. */
  readonly onDelivery?: DeliveryListener;
}

/** A server on one port that plays any number of targets, over sockets of its own so that it sees and sends every byte. */
export class Receiver {
  readonly port: number;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #targets = new Map<string, Played>();
  readonly #options: ReceiverOptions;
  #connections = 0;

  /** Listens; rejects with the system's error if it cannot. */
  static async listen(options: ReceiverOptions): Promise<Receiver> {
    const server = options.tls === undefined ? createServer() : createTlsServer(options.tls);
    server.listen(options.port, options.host);
    await once(server, 'listening').catch((error: unknown) => {
      const { code } = error as NodeJS.ErrnoException;
      throw new UsageError(
        `expected to listen on ${options.host}:${options.port} (--listen), got ${code}: is it an address of this machine, and is the port free?`,
      );
    });
    return new Receiver(server, options);
  }

  private constructor(server: Server, options: ReceiverOptions) {
    this.#server = server;
    this.#options = options;
    this.port = (server.address() as AddressInfo).port;
    server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) =>
      this.#accept(socket),
    );
    // A handshake that the peer breaks off is the peer's affair.
    server.on('tlsClientError', () => undefined);
  }

  /** How many connections were accepted so far. */
  get connections(): number {
    return this.#connections;
  }

  /** Plays a target at a path of its own; `origin` is how the implementation reaches this port. */
  add(origin: string, path: string, script: readonly Answer[], onDelivery?: DeliveryListener): Target {
    const target = new Target(`${origin}${path}`, script);
    this.#targets.set(path, { target, onDelivery: onDelivery ?? this.#options.onDelivery });
    return target;
  }

  /** Closes the port and every connection. */
  async close(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #find(path: string): Played | undefined {
    return this.#targets.get(path.split('?')[0] ?? path);
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => undefined);
    this.#connections += 1;
    serveConnection(socket, this.#connections, {
      findTarget: (path) => this.#find(path)?.target,
      onDelivery: (delivery, target) => {
        const listener =
          target === undefined ? this.#options.onDelivery : this.#find(delivery.path)?.onDelivery;
        listener?.(delivery, target);
      },
    });
  }
}
