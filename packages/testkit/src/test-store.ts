import {
  createTaskStore,
  type Database,
  migrate,
  openPostgres,
  type TaskStore,
  type TaskStoreOptions,
} from '@dispatchr/store';
import { createTestDatabase } from './test-database.ts';

/** A store on a database of its own, for one test file. */
export interface TestStore {
  readonly store: TaskStore;
  readonly database: Database;
  readonly url: string;
  /** Closes the store and drops the database. */
  close(): Promise<void>;
}

/** Milliseconds that a test's database may take for one call. */
const TIMEOUT_MS = 10_000;

/** A timer of the real clock, in the shape that the store takes. */
export const realTimer = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
};

/** What a store needs of its process, with real time. */
export const testStoreOptions = (origin: string): TaskStoreOptions => ({
  origin,
  afterInput: setImmediate,
  timer: realTimer,
});

/** Opens a store on a fresh migrated PostgreSQL database. */
export async function openTestStore(): Promise<TestStore> {
  const { url, drop } = await createTestDatabase();
  const database = await openTestDatabase(url);
  await migrate(database);
  const store = createTaskStore(database, testStoreOptions(crypto.randomUUID()));
  return { store, database, url, close: () => store.close().then(drop) };
}

/** Opens a further set of connections to a test database, as another process would. */
export function openTestDatabase(
  url: string,
  settings: { timeoutMs?: number; listenUrl?: string } = {},
): Promise<Database> {
  const { timeoutMs = TIMEOUT_MS, listenUrl = url } = settings;
  return openPostgres({
    url,
    listenUrl,
    timeoutMs,
    prepare: true,
    applicationName: 'dispatchr-test',
    timer: realTimer,
  });
}
