import { fileURLToPath } from 'node:url';
import { readMigrationFiles } from './drizzle.ts';
import type { Database, PreparedStatement, Queryable } from './database/database.ts';

/** What {@link migrate} did. */
export interface MigrationReport {
  /** How many migrations were applied now. */
  readonly applied: number;
  /** How many the database has in all. */
  readonly total: number;
}

/** The database was migrated by a newer version of Dispatchr, whose tables this one does not know. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';
}

const MIGRATIONS_FOLDER = fileURLToPath(new URL('../migrations', import.meta.url));

/**
 * Brings the database's tables up to this version: forward only, all in one transaction.
 * Safe from several processes at once: an advisory lock lets one work while the others wait and then find it done.
 * Throws {@link NewerSchemaError} when the database is ahead of this version.
 */
export async function migrate(database: Database): Promise<MigrationReport> {
  const migrations = readMigrationFiles({ migrationsFolder: MIGRATIONS_FOLDER });
  return database.transaction('claim', async (transaction) => {
    await run(transaction, `SELECT pg_advisory_xact_lock(${MIGRATION_LOCK})`);
    for (const statement of JOURNAL) await run(transaction, statement);
    const done = await countApplied(
      transaction,
      migrations.map(({ hash }) => hash),
    );
    for (const { sql, hash } of migrations.slice(done)) {
      for (const statement of sql) await run(transaction, statement);
      await transaction.query(RECORD_MIGRATION, [hash]);
    }
    return { applied: migrations.length - done, total: migrations.length };
  });
}

/** Any number that nobody else locks: "dispatchr" read as digits of base 36, cut to 32 bits. */
const MIGRATION_LOCK = 1_305_618_743;

const JOURNAL = [
  'CREATE SCHEMA IF NOT EXISTS dispatchr',
  `CREATE TABLE IF NOT EXISTS dispatchr.migrations (
    number integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash text NOT NULL UNIQUE,
    applied_at timestamptz NOT NULL DEFAULT now()
  )`,
];

const RECORD_MIGRATION: PreparedStatement = {
  name: 'record-migration',
  role: 'claim',
  text: 'INSERT INTO dispatchr.migrations (hash) VALUES ($1::text)',
};

const LIST_MIGRATIONS: PreparedStatement = {
  name: 'list-migrations',
  role: 'claim',
  text: 'SELECT hash FROM dispatchr.migrations ORDER BY number',
};

async function countApplied(transaction: Queryable, known: readonly string[]): Promise<number> {
  const applied = await transaction.query(LIST_MIGRATIONS, []);
  const foreign = applied.findIndex((row, index) => row['hash'] !== known[index]);
  if (foreign === -1) return applied.length;
  throw new NewerSchemaError(
    `expected a database with at most the ${known.length} migrations of this version, got one whose migration ` +
      `${foreign + 1} is unknown here: it belongs to a newer Dispatchr; start that version, or use another database`,
  );
}

async function run(transaction: Queryable, text: string): Promise<void> {
  await transaction.query({ name: 'migration', role: 'claim', text }, []);
}
