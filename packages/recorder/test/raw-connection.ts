import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'node:net';

/** A bare TCP connection to a server, for what no HTTP client would send. */
export class RawConnection {
  readonly socket: Socket;
  /** What went wrong, a reset by the server for instance. */
  error: Error | undefined;
  #received = '';
  readonly #closed: Promise<unknown>;

  static async open(url: string): Promise<RawConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port) });
    await once(socket, 'connect');
    return new RawConnection(socket);
  }

  constructor(socket: Socket) {
    this.socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (this.#received += text));
    socket.on('error', (error) => (this.error = error));
    this.#closed = once(socket, 'close');
  }

  write(text: string | Buffer): void {
    this.socket.write(text);
  }

  /** What arrived until the server closed the connection. */
  async untilClosed(): Promise<string> {
    await this.#closed;
    return this.#received;
  }

  /** What arrived until all of it matches. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.#received)) await once(this.socket, 'data');
    return this.#received;
  }
}
