import { rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { PGlite, types } from '@electric-sql/pglite';
import { type DataFolderLock, lockDataFolder } from './data-folder-lock.ts';
import {
  type ConnectionRole,
  type Database,
  DatabaseUnavailableError,
  type PreparedStatement,
  type Queryable,
  type Row,
} from './database.ts';
import { Session } from './embedded-session.ts';

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
