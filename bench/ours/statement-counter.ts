import postgres from 'postgres';

/** Counts what a database is asked, from a connection to another database, so that it does not count itself. */
export interface StatementCounter {
  /** What is counted: statements where pg_stat_statements is installed, else transactions. */
  readonly unit: 'statements' | 'transactions';
  /** How many so far; sessions report what they did with a delay of a second or more. */
  count(): Promise<number>;
  close(): Promise<void>;
}

/** Opens a counter for the database that a URL names. */
export async function openStatementCounter(
  serverUrl: string,
  databaseUrl: string,
): Promise<StatementCounter> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  // The view exists where the module may not be loaded.
  const hasStatements = await sql`SELECT count(*) FROM pg_stat_statements`.then(
    () => true,
    () => false,
  );
  const countOf = async (): Promise<number> => {
    const [row] = hasStatements
      ? await sql<{ count: number }[]>`
          SELECT coalesce(sum(calls), 0)::float8 AS count FROM pg_stat_statements
          WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ${database})`
      : await sql<{ count: number }[]>`
          SELECT (xact_commit + xact_rollback)::float8 AS count FROM pg_stat_database WHERE datname = ${database}`;
    return row?.count ?? Number.NaN;
  };
  return {
    unit: hasStatements ? 'statements' : 'transactions',
    count: countOf,
    close: () => sql.end(),
  };
}
