import { DatabaseUnavailableError, migrate, NewerSchemaError } from '@dispatchr/store';
import type { Database, MigrationReport, TaskStore } from '@dispatchr/store';
import type { Settings } from '../settings/settings-catalogue.ts';
import { databaseOf } from './banner.ts';
import { openDatabase } from './open-database.ts';
import { EXIT_CODES, StartError } from './start-error.ts';
import { systemClock } from './system-clock.ts';

/** Migrates the database of the settings and answers with one sentence on what was done; throws StartError. */
export async function migrateDatabase(settings: Settings): Promise<string> {
  const database = await openDatabase(settings, systemClock);
  try {
    const { applied, total } = await applyMigrations(database);
    const done =
      applied === 0 ? 'nothing to do' : `applied ${applied} ${applied === 1 ? 'migration' : 'migrations'}`;
    return `${databaseOf(settings)}: ${done}; the schema has all ${total} migrations of this version.`;
  } finally {
    await database.close();
  }
}

/** Applies what is missing; throws StartError when the database belongs to a newer version. */
export async function applyMigrations(database: Database): Promise<MigrationReport> {
  try {
    return await migrate(database);
  } catch (error) {
    if (!(error instanceof NewerSchemaError)) throw error;
    throw unavailable(error.message, error);
  }
}

/** Throws StartError when the tables of this version are missing, which `migrateOnStart: false` lets happen. */
export async function assertMigrated(store: TaskStore): Promise<void> {
  try {
    await store.checkHealth();
  } catch (error) {
    if (error instanceof DatabaseUnavailableError)
      throw unavailable(`the database went away: ${error.message}`, error);
    throw unavailable(
      'expected a migrated database, got one without our tables: run `dispatchr migrate`',
      error,
    );
  }
}

function unavailable(message: string, cause: unknown): StartError {
  return new StartError(EXIT_CODES.unavailable, message, { cause });
}
