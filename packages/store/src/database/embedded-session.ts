import { type PGlite, messages, protocol } from '@electric-sql/pglite';
import { DatabaseUnavailableError, type PreparedStatement, type Queryable, type Row } from './database.ts';
import { Upkeep } from './embedded-upkeep.ts';
import { toStoreError } from './unavailable.ts';

interface PreparedQuery {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/** The one session: prepares each statement text once, which makes small statements 2 to 3 times as fast. */
export class Session {
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

const { serialize } = protocol;

function toText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
