import type { Row } from './database.ts';

/** Statements between two looks at what there is to clean up; 8 KiB of parameters count as one more. */
const STATEMENTS_PER_UPKEEP = 1000;
const BYTES_LIKE_A_STATEMENT = 8192;

/** Bytes of log between checkpoints: what a start after a crash reads again, about half a second. */
const LOG_BYTES_PER_CHECKPOINT = 64 * 1024 * 1024;

/** PostgreSQL in one process has neither autovacuum nor a checkpointer: tables and log would grow for ever. */
export class Upkeep {
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
