import {
  type ConnectionRole,
  type Database,
  DatabaseUnavailableError,
  type PreparedStatement,
  type Queryable,
  type Row,
} from './database.ts';
import { listenOnPostgres } from './postgres-listener.ts';
import type { ConnectionSettings, PostgresConnection } from './postgres-connection.ts';
import { PostgresConnections } from './postgres-connections.ts';
import { sqlstateOf } from './unavailable.ts';

/** Options of {@link openPostgres}. */
export interface PostgresOptions extends ConnectionSettings {
  /** A direct connection for LISTEN, where `url` goes through a pooler; `undefined` turns notifications off. */
  readonly listenUrl: string | undefined;
}

/** The oldest PostgreSQL that the tests have run on; the one before it is mended by nobody any more. */
const OLDEST_VERSION = 15;

/**
 * Connections a process opens per role. Two submits in flight keep the disk busy while the next group gathers;
 * more than one settle at a time gains nothing; reads are the API's.
 */
const CONNECTIONS: Readonly<Record<ConnectionRole, number>> = { submit: 2, claim: 2, settle: 1, read: 4 };

/**
 * No just-in-time compilation: with some 100,000 tasks due the estimate of a claim passes its threshold, and then each claim
 * was compiled anew, at half a second each.
 */
const STARTUP = { jit: 'off' };

/**
 * By index whatever the statistics say: plans are kept for minutes, and one that was made while the tables were all but
 * empty reads all of what a burst brings since then for each row that it wants. With the indexes given, a plan for these
 * parameters is no better than one for any, and making one took as long as the submit of a task.
 */
const BY_INDEX = {
  ...STARTUP,
  enable_seqscan: 'off',
  enable_bitmapscan: 'off',
  plan_cache_mode: 'force_generic_plan',
};

/** What each role asks for at the beginning; what reads a whole table belongs to `read`. */
const STARTUPS: Readonly<Record<ConnectionRole, Readonly<Record<string, string>>>> = {
  submit: BY_INDEX,
  claim: BY_INDEX,
  settle: BY_INDEX,
  read: STARTUP,
};

/** SQLSTATEs by which a pooler refuses a setting at the beginning: protocol violation (PgBouncer), not supported. */
const REFUSED_STARTUP = /^(08P01|0A000)$/;

/**
 * Opens PostgreSQL and checks that it can be used. Behind a pooler that takes no settings it does without them.
 * Throws DatabaseUnavailableError when it does not answer, Error when it is too old.
 */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  try {
    return await openChecked(options, STARTUPS);
  } catch (error) {
    if (!isRefusedStartup(error)) throw error;
    return openChecked(options);
  }
}

function isRefusedStartup(error: unknown): boolean {
  const refusal = error instanceof DatabaseUnavailableError ? error.cause : error;
  return REFUSED_STARTUP.test(sqlstateOf(refusal) ?? '');
}

async function openChecked(options: PostgresOptions, startups?: typeof STARTUPS): Promise<Database> {
  const database = new PostgresDatabase(options, startups);
  try {
    await database.checkVersion();
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #options: PostgresOptions;
  readonly #connections: Record<ConnectionRole, PostgresConnections>;

  constructor(options: PostgresOptions, startups?: typeof STARTUPS) {
    this.#options = options;
    const open = (role: ConnectionRole) =>
      new PostgresConnections({ ...options, startup: startups?.[role] ?? {} }, CONNECTIONS[role]);
    this.#connections = {
      submit: open('submit'),
      claim: open('claim'),
      settle: open('settle'),
      read: open('read'),
    };
  }

  query(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]> {
    return this.#connections[statement.role].run((connection) => connection.run(statement.text, values));
  }

  transaction<T>(role: ConnectionRole, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#connections[role].run((connection) => runTransaction(connection, work));
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const { listenUrl } = this.#options;
    if (listenUrl === undefined) return () => Promise.resolve();
    return listenOnPostgres({ ...this.#options, url: listenUrl }, channel, onNotify);
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#connections).map((connections) => connections.close()));
  }

  async checkVersion(): Promise<void> {
    const [row] = await this.query(SERVER_VERSION, []);
    const version = Math.floor(Number(row?.['version']) / 10_000);
    if (version >= OLDEST_VERSION) return;
    throw new UnsupportedDatabaseError(`expected PostgreSQL ${OLDEST_VERSION} or later, got ${version}`);
  }
}

/** The database answers but cannot be used by this version; the message says why. */
export class UnsupportedDatabaseError extends Error {
  override readonly name = 'UnsupportedDatabaseError';
}

const SERVER_VERSION: PreparedStatement = {
  name: 'server-version',
  role: 'read',
  text: `SELECT current_setting('server_version_num') AS version`,
};

async function runTransaction<T>(
  connection: PostgresConnection,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  await connection.run('BEGIN');
  try {
    const result = await work({ query: ({ text }, values) => connection.run(text, values) });
    const { command } = await connection.run('COMMIT');
    // After a statement that failed, COMMIT rolls back without an error.
    if (command !== 'COMMIT') throw new Error(`expected the transaction to commit, got ${command}`);
    return result;
  } catch (error) {
    if (connection.isUsable) await connection.run('ROLLBACK').catch(() => connection.retire());
    throw error;
  }
}
