import postgres from 'postgres';
import { DatabaseUnavailableError } from './database.ts';
import { READ_ONLY_SQLSTATE, sqlstateOf, toStoreError } from './unavailable.ts';

/** Runs a function after some milliseconds; the returned function cancels it. */
export type Timer = (ms: number, run: () => void) => () => void;

/** Settings of a set of connections to one PostgreSQL. */
export interface ConnectionSettings {
  readonly url: string;
  /** Client-side deadline of each call, connecting included, in milliseconds. */
  readonly timeoutMs: number;
  /** False behind a PgBouncer that knows no prepared statements (before 1.21). */
  readonly prepare: boolean;
  readonly applicationName: string;
  readonly timer: Timer;
}

/** Seconds between attempts to connect; the driver's own back-off reaches 20 s, and recovery is promised in seconds. */
const RECONNECT_SECONDS = 0.2;

/**
 * Connections of one role. The driver cannot end a single hung connection, so all of the role are destroyed and
 * replaced when a call overruns its deadline or meets a read-only server.
 */
export class PostgresConnections {
  readonly #settings: ConnectionSettings;
  readonly #max: number;
  readonly #underWay = new Set<Promise<unknown>>();
  #client: postgres.Sql;
  #closed = false;

  constructor(settings: ConnectionSettings, max: number) {
    this.#settings = settings;
    this.#max = max;
    this.#client = connect(settings, max);
  }

  /** Runs `work` on the connections within the deadline; throws DatabaseUnavailableError when they do not answer. */
  async run<T>(work: (client: postgres.Sql) => Promise<T>): Promise<T> {
    const client = this.#client;
    const call = this.#withinDeadline(client, work(client));
    this.#underWay.add(call);
    try {
      return await call;
    } catch (error) {
      if (sqlstateOf(error) === READ_ONLY_SQLSTATE) this.#replace(client);
      throw toStoreError(error);
    } finally {
      this.#underWay.delete(call);
    }
  }

  /** Ends the connections once what is under way has ended, which its deadline bounds. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.allSettled(this.#underWay);
    // Not the driver's own wait: it lasts its full time when a connection was lost before.
    await this.#client.end({ timeout: 0 });
  }

  #withinDeadline<T>(client: postgres.Sql, work: Promise<T>): Promise<T> {
    const { timeoutMs, timer } = this.#settings;
    return new Promise<T>((resolve, reject) => {
      const cancel = timer(timeoutMs, () => {
        this.#replace(client);
        reject(new DatabaseUnavailableError(`the database did not answer within ${timeoutMs} ms`));
      });
      work.then(resolve, reject).finally(cancel);
    });
  }

  #replace(stale: postgres.Sql): void {
    if (this.#client !== stale || this.#closed) return;
    this.#client = connect(this.#settings, this.#max);
    // Its calls are rejected by this; that ending a broken connection may fail as well changes nothing.
    stale.end({ timeout: 0 }).catch(() => undefined);
  }
}

/** Opens a client of the driver; connections are made when they are needed. */
export function connect(
  settings: ConnectionSettings,
  max: number,
  options: postgres.Options<Record<string, never>> = {},
): postgres.Sql {
  return postgres(settings.url, {
    max,
    prepare: settings.prepare,
    // Arrays travel as literals (see array-literal.ts), so the driver need not ask for their types.
    fetch_types: false,
    connect_timeout: Math.max(1, Math.ceil(settings.timeoutMs / 1000)),
    backoff: () => RECONNECT_SECONDS,
    onnotice: () => undefined,
    connection: { application_name: settings.applicationName },
    ...options,
  });
}
