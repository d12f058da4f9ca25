import { connect as dial, type Socket } from 'node:net';
import postgres from 'postgres';
import type { Row } from './database.ts';
import { isConnectionDoubtful } from './unavailable.ts';

/** Runs a function after some milliseconds; the returned function cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Settings of the connections to one PostgreSQL. */
export interface ConnectionSettings {
  readonly url: string;
  /** Client-side deadline of each call, connecting and waiting for a connection included, in milliseconds. */
  readonly timeoutMs: number;
  /** False behind a PgBouncer that knows no prepared statements (before 1.21). */
  readonly prepare: boolean;
  readonly applicationName: string;
  /** Server settings that are asked for when a connection begins; none if left out. */
  readonly startup?: Readonly<Record<string, string>>;
  readonly timer: Timer;
}

/** What one connection is used for. */
export interface ConnectionOptions {
  /** Milliseconds after which it is retired; for ever when left out. */
  readonly lifetimeMs?: number;
  readonly onClose?: () => void;
  readonly onNotify?: (payload: string) => void;
}

/** A query of the driver; once sent it knows its backend, which the driver's types leave out. */
interface RunningQuery {
  readonly state: { readonly pid: number | null; readonly secret: number | null } | null;
}

/** What the driver gives its `socket` option; its types leave it out. */
interface DialOptions {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | null;
}

/**
 * One connection to PostgreSQL: it dials once and runs one call at a time.
 *
 * It is a driver's client of its own, because the driver can neither end a single connection of a pool nor forget what
 * was under way on one that it lost: it reconnects by itself, in a hot loop where a proxy accepts and closes, and may
 * then answer a call with the rows or the error of another. So a lost connection is never used again.
 */
export class PostgresConnection {
  readonly #client: postgres.Sql;
  readonly #cancelRetirement: () => void;
  #socket: Socket | undefined;
  #isSpent = false;
  #dialOptions: DialOptions | undefined;
  #running: RunningQuery | undefined;

  constructor(settings: ConnectionSettings, options: ConnectionOptions = {}) {
    const { lifetimeMs, onClose: tellClose, onNotify } = options;
    this.#cancelRetirement =
      lifetimeMs === undefined ? () => undefined : settings.timer(lifetimeMs, () => this.retire());
    const onClose = (): void => {
      this.#isSpent = true;
      tellClose?.();
    };
    const untyped = {
      socket: (target: DialOptions) => this.#dialOnce(target),
      onnotify: (_channel: string, payload: string) => onNotify?.(payload),
    };
    this.#client = postgres(settings.url, {
      max: 1,
      prepare: settings.prepare,
      // Arrays travel as literals (see array-literal.ts), so the driver need not ask for their types.
      fetch_types: false,
      connect_timeout: Math.max(1, Math.ceil(settings.timeoutMs / 1000)),
      // The driver's own would end a connection just as a call goes out on it.
      max_lifetime: null,
      onnotice: () => undefined,
      onclose: onClose,
      connection: { application_name: settings.applicationName, ...settings.startup },
      ...untyped,
    });
  }

  /** False once the connection was lost, retired, or met an error that leaves its state in doubt. */
  get isUsable(): boolean {
    return !this.#isSpent;
  }

  /** Runs a statement; `command` of the answer is what the server says it did. */
  async run(text: string, values?: readonly unknown[]): Promise<Row[] & { command?: string }> {
    try {
      // Without parameters the driver would not prepare it either, and a look is planned at each call.
      const options = { prepare: true, simple: values === undefined };
      const query = this.#client.unsafe(text, (values ?? []) as postgres.ParameterOrJSON<never>[], options);
      this.#running = query as unknown as RunningQuery;
      return await query;
    } catch (error) {
      if (isConnectionDoubtful(error)) this.#isSpent = true;
      throw error;
    }
  }

  /** Keeps the connection from being used again; what runs on it goes on. */
  retire(): void {
    this.#isSpent = true;
  }

  /** Asks the server to give up what runs here; says nothing about whether it does. */
  requestCancel(): void {
    const { pid, secret } = this.#running?.state ?? {};
    if (this.#dialOptions === undefined || typeof pid !== 'number' || typeof secret !== 'number') return;
    const request = Buffer.alloc(16);
    [16, CANCEL_REQUEST, pid, secret].forEach((word, index) => request.writeUInt32BE(word, index * 4));
    const socket = openSocket(this.#dialOptions, 0);
    socket.on('error', () => socket.destroy());
    socket.end(request);
  }

  /** Ends the connection at once, whatever runs on it. */
  destroy(): void {
    this.#isSpent = true;
    this.#cancelRetirement();
    // That ending a broken connection may fail as well changes nothing.
    this.#client.end({ timeout: 0 }).catch(() => undefined);
    this.#socket?.destroy();
  }

  /** Ends the connection in good order. */
  async close(): Promise<void> {
    this.#isSpent = true;
    this.#cancelRetirement();
    await this.#client.end({ timeout: 0 });
  }

  async #dialOnce(options: DialOptions): Promise<Socket> {
    if (this.#dialOptions !== undefined || this.#isSpent) throw connectionError('the connection was lost');
    this.#dialOptions = options;
    let failure: unknown;
    for (let index = 0; index < Math.max(1, options.host.length); index += 1) {
      this.#socket = openSocket(options, index);
      try {
        return await connected(this.#socket);
      } catch (error) {
        failure ??= error;
      }
    }
    throw failure;
  }
}

/** The code of a CancelRequest (PostgreSQL manual, message formats). */
const CANCEL_REQUEST = 80_877_102;

function openSocket({ host, port, path }: DialOptions, index: number): Socket {
  if (path) return dial(path);
  return dial({
    host: host[index] ?? 'localhost',
    port: port[index] ?? 5432,
    noDelay: true,
    keepAlive: true,
  });
}

function connected(socket: Socket): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const fail = (error?: Error): void => reject(error ?? connectionError('the connection was given up'));
    socket.once('error', fail).once('close', () => fail());
    socket.once('connect', () => {
      socket.removeAllListeners();
      resolve(socket);
    });
  });
}

function connectionError(message: string): Error {
  return Object.assign(new Error(message), { code: 'CONNECTION_CLOSED' });
}
