import postgres from 'postgres';

/** What the server did for one statement since the reset. */
export interface StatementStatistics {
  readonly text: string;
  readonly calls: number;
  readonly rows: number;
  readonly executionMs: number;
  readonly planningMs: number;
  readonly walBytes: number;
  /** Blocks found in the buffers, and read into them. */
  readonly blocks: number;
}

/** Counts the statements of one database, from a connection to another, so that it does not count itself. */
export interface StatementMeter {
  reset(): Promise<void>;
  /** Costliest first. */
  read(): Promise<readonly StatementStatistics[]>;
  close(): Promise<void>;
}

/** Settings with which a server counts statements. */
export const COUNTING_STATEMENTS = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_planning': 'on',
};

/** Fails where the server was started without pg_stat_statements. */
export async function openStatementMeter(serverUrl: string, databaseUrl: string): Promise<StatementMeter> {
  const sql = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  await sql`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`;
  return {
    reset: async () => void (await sql`SELECT pg_stat_statements_reset()`),
    read: () => sql<StatementStatistics[]>`
      SELECT query AS text, calls::float8, rows::float8, total_exec_time AS "executionMs",
        total_plan_time AS "planningMs", wal_bytes::float8 AS "walBytes",
        (shared_blks_hit + shared_blks_read)::float8 AS blocks
      FROM pg_stat_statements
      WHERE dbid = (SELECT oid FROM pg_database WHERE datname = ${database})
      ORDER BY total_exec_time + total_plan_time DESC`,
    close: () => sql.end(),
  };
}
