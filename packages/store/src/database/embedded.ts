import { rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite, messages, protocol, types } from '@electric-sql/pglite';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';
import {
  type ConnectionRole,
  type Database,
  DatabaseUnavailableError,
  type PreparedStatement,
  type Queryable,
  type Row,
} from './database.ts';
import { toStoreError } from './unavailable.ts';

/** Options of {@link openEmbedded}. */
export interface EmbeddedOptions {
  /** The folder that holds the database, for this process alone; created if missing. */
  readonly dataDir: string;
  /**
   * Lets the event loop do its input and output before each turn (setImmediate as a promise). A statement blocks
   * the loop; without this pause (the default) a queue of statements starves sockets and timers until it is empty.
   */
  readonly pause?: () => Promise<unknown>;
}

/**
 * Opens the embedded database: PostgreSQL in this process, its files in a folder.
 * A commit survives the death of the process, not a power cut: it never waits for the disk.
 * Throws DataFolderLockedError while another process has the folder open.
 */
export async function openEmbedded(options: EmbeddedOptions): Promise<Database> {
  const { dataDir, pause } = options;
  const lock = await lockDataFolder(dataDir);
  try {
    return new EmbeddedDatabase(await openPglite(dataDir), lock, pause ?? (() => Promise.resolve()));
  } catch (error) {
    await lock.release();
    throw error;
  }
}

class EmbeddedDatabase implements Database {
  readonly kind = 'embedded';
  readonly #pglite: PGlite;
  readonly #lock: DataFolderLock;
  readonly #session: Session;
  readonly #pause: () => Promise<unknown>;
  #lastTurn: Promise<unknown> = Promise.resolve();
  #closing: Promise<void> | undefined;

  constructor(pglite: PGlite, lock: DataFolderLock, pause: () => Promise<unknown>) {
    this.#pglite = pglite;
    this.#lock = lock;
    this.#session = new Session(pglite);
    this.#pause = pause;
  }

  query(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]> {
    return this.#takeTurn(() => this.#session.run(statement.text, values));
  }

  /** Within `work` only the transaction may be used: the database itself waits for it to end. */
  transaction<T>(_role: ConnectionRole, work: (transaction: Queryable) => Promise<T>): Promise<T> {
    return this.#takeTurn(() => this.#session.transaction(work));
  }

  async listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const unlisten = await this.#takeTurn(() => this.#pglite.listen(channel, onNotify));
    return () => (this.#closing ? Promise.resolve() : this.#takeTurn(() => unlisten()));
  }

  close(): Promise<void> {
    this.#closing ??= this.#lastTurn.then(async () => {
      try {
        await this.#pglite.close();
      } finally {
        await this.#lock.release();
      }
    });
    return this.#closing;
  }

  /** There is one session: statements and whole transactions take turns in the order they were asked for. */
  #takeTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) return Promise.reject(new DatabaseUnavailableError('the embedded database is closed'));
    const turn = this.#lastTurn.then(async () => {
      await this.#pause();
      return work();
    });
    this.#lastTurn = turn.catch(() => undefined).then(() => this.#session.keepUp());
    return turn;
  }
}

interface PreparedQuery {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** The one session: prepares each statement text once, which makes small statements 2 to 3 times as fast. */
class Session {
  readonly #pglite: PGlite;
  readonly #prepared = new Map<string, PreparedQuery>();
  readonly #upkeep = new Upkeep();
  #failure: DatabaseUnavailableError | undefined;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  async run(text: string, values: readonly unknown[]): Promise<Row[]> {
    const { name, columns } = this.#prepared.get(text) ?? (await this.#prepare(text));
    const bind = serialize.bind({ statement: name, values: values.map(toText) });
    const answer = await this.#exchange([bind, serialize.execute({}), serialize.sync()]);
    const rows: Row[] = [];
    for (const message of answer) {
      if (message.name === 'dataRow') rows.push(this.#toRow(columns, message as messages.DataRowMessage));
    }
    return rows;
  }

  async transaction<T>(work: (transaction: Queryable) => Promise<T>): Promise<T> {
    let ended = false;
    const query = (statement: PreparedStatement, values: readonly unknown[]) =>
      ended
        ? Promise.reject(
            new Error('expected statements only while the transaction is open, got one after its end'),
          )
        : this.run(statement.text, values);
    await this.run('BEGIN', []);
    try {
      const result = await work({ query });
      ended = true;
      await this.#commit();
      return result;
    } catch (error) {
      ended = true;
      await this.run('ROLLBACK', []);
      throw error;
    }
  }

  /** Cleans up when enough was written since the last time. */
  async keepUp(): Promise<void> {
    if (!this.#upkeep.isDue() || this.#failure !== undefined) return;
    try {
      await this.#upkeep.perform((text) => this.run(text, []));
    } catch {
      // What was asked for is done and must not fail for this; the next upkeep tries again, and a database
      // that is broken fails the next statement.
    }
  }

  /** A COMMIT after a failed statement rolls back without an error; only its tag tells. */
  async #commit(): Promise<void> {
    const answer = await this.#exchange([serialize.query('COMMIT')]);
    const complete = answer.find((message) => message.name === 'commandComplete');
    const tag = (complete as messages.CommandCompleteMessage | undefined)?.text;
    if (tag !== 'COMMIT')
      throw new Error(`expected the transaction to commit, got ${tag}: a statement in it failed`);
  }

  async #prepare(text: string): Promise<PreparedQuery> {
    const name = `s${this.#prepared.size}`;
    const describe = serialize.describe({ type: 'S', name });
    const answer = await this.#exchange([serialize.parse({ name, text }), describe, serialize.sync()]);
    const description = answer.find((message) => message.name === 'rowDescription');
    const columns = (description as messages.RowDescriptionMessage | undefined)?.fields ?? [];
    const prepared = { name, columns };
    this.#prepared.set(text, prepared);
    return prepared;
  }

  async #exchange(parts: readonly Uint8Array[]): Promise<readonly { readonly name: string }[]> {
    if (this.#failure) throw this.#failure;
    const request = Buffer.concat(parts);
    this.#upkeep.count(request.length);
    try {
      return await this.#pglite.execProtocolStream(request, { syncToFs: true });
    } catch (error) {
      if (error instanceof messages.DatabaseError) throw toStoreError(error);
      // Not an answer but a crash (out of memory, a panic): its state is unknown until it is opened again.
      const problem = `the embedded database has crashed and must be opened again: ${String(error)}`;
      this.#failure = new DatabaseUnavailableError(problem, { cause: error });
      throw this.#failure;
    }
  }

  #toRow(columns: PreparedQuery['columns'], message: messages.DataRowMessage): Row {
    const row: Row = {};
    for (const [index, column] of columns.entries()) {
      const text = message.fields[index] as string | null;
      row[column.name] = text === null ? null : (this.#pglite.parsers[column.dataTypeID]?.(text) ?? text);
    }
    return row;
  }
}

/** Statements between two looks at what there is to clean up; 8 KiB of parameters count as one more. */
const STATEMENTS_PER_UPKEEP = 1000;
const BYTES_LIKE_A_STATEMENT = 8192;

/** Bytes of log between checkpoints: what a start after a crash reads again, about half a second. */
const LOG_BYTES_PER_CHECKPOINT = 64 * 1024 * 1024;

/** PostgreSQL in one process has neither autovacuum nor a checkpointer: tables and log would grow for ever. */
class Upkeep {
  #countdown = STATEMENTS_PER_UPKEEP;
  #checkpointAt = '0/0';

  count(bytes: number): void {
    this.#countdown -= 1 + bytes / BYTES_LIKE_A_STATEMENT;
  }

  isDue(): boolean {
    return this.#countdown <= 0;
  }

  async perform(run: (text: string) => Promise<Row[]>): Promise<void> {
    this.#countdown = STATEMENTS_PER_UPKEEP;
    // Counts are kept back for up to a minute otherwise.
    await run('SELECT pg_stat_force_next_flush()');
    for (const { table } of await run(TABLES_TO_VACUUM)) await run(`VACUUM (ANALYZE) ${table as string}`);
    const [log] = await run(LOG_POSITION);
    const position = String(log?.['position']);
    if (bytesOf(position) - bytesOf(this.#checkpointAt) < LOG_BYTES_PER_CHECKPOINT) return;
    await run('CHECKPOINT');
    this.#checkpointAt = position;
  }
}

/** The thresholds are autovacuum's, but for a share of 0.1 instead of 0.2. */
const TABLES_TO_VACUUM = `
  SELECT format('%I.%I', schemaname, relname) AS table FROM pg_stat_user_tables
  WHERE greatest(n_dead_tup, n_mod_since_analyze) > 1000 + 0.1 * n_live_tup`;

const LOG_POSITION = `SELECT pg_current_wal_lsn()::text AS position`;

function bytesOf(logPosition: string): number {
  const [high = '0', low = '0'] = logPosition.split('/');
  return Number.parseInt(high, 16) * 2 ** 32 + Number.parseInt(low, 16);
}

/**
 * A database is made under another name and renamed when complete, so that a start that is killed leaves
 * nothing that looks like a database.
 */
async function openPglite(dataDir: string): Promise<PGlite> {
  const folder = join(resolve(dataDir), 'postgres');
  if (!(await exists(folder))) {
    const unfinished = `${folder}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await (await PGlite.create(unfinished)).close();
    await rename(unfinished, folder);
  }
  return PGlite.create(folder, { parsers: { [types.INT8]: (text: string) => text } });
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const { serialize } = protocol;

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
