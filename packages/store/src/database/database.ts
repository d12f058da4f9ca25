/** A row as the driver gives it: int8 may be a string or a number, timestamptz is a Date. */
export type Row = Record<string, unknown>;

/**
 * What a statement is for. Each role has connections of its own, so that neither a long read nor a burst of
 * submits holds up claims and settles.
 */
export type ConnectionRole = 'submit' | 'claim' | 'settle' | 'read';

/** One statement with a name, prepared once on each connection. */
export interface PreparedStatement {
  readonly name: string;
  readonly role: ConnectionRole;
  readonly text: string;
}

/** Something that runs statements: the database, or a transaction in it. */
export interface Queryable {
  /**
   * Runs one statement. Values are strings, numbers, booleans or null; arrays are array literals in text.
   * Throws {@link DatabaseUnavailableError} while the database is away or past its deadline.
   */
  query(statement: PreparedStatement, values: readonly unknown[]): Promise<Row[]>;
}

/** The small port that both PostgreSQL and the embedded database fill. */
export interface Database extends Queryable {
  readonly kind: 'postgres' | 'embedded';
  /** Runs `work` in one transaction on a connection of that role; a throw rolls back. */
  transaction<T>(role: ConnectionRole, work: (transaction: Queryable) => Promise<T>): Promise<T>;
  /** Calls back for each notification on a channel until the returned function is called; a hint, never the truth. */
  listen(channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>>;
  /** Ends all connections; what is under way may fail. */
  close(): Promise<void>;
}

/** The database does not answer: nothing is known of what was under way; it may be tried again. */
export class DatabaseUnavailableError extends Error {
  override readonly name = 'DatabaseUnavailableError';
}
