import { randomUUID } from 'node:crypto';
import { type TaskStore, createTaskStore, migrate, openPostgres } from '@dispatchr/store';

/** Opens the record of tasks on the app's own PostgreSQL, in the schema `dispatchr`, which it makes or brings up to date. */
export async function openTaskStore(url: string): Promise<TaskStore> {
  const database = await openPostgres({
    url,
    // Through a pooler in transaction mode: a direct URL here, or undefined for none, and `prepare: false` if it is old.
    listenUrl: url,
    prepare: true,
    timeoutMs: 10_000,
    applicationName: 'fastify-app',
    timer,
  });
  await migrate(database);
  return createTaskStore(database, {
    origin: randomUUID(),
    afterInput: (run) => void setImmediate(run),
    timer,
  });
}

function timer(ms: number, run: () => void): () => void {
  const handle = setTimeout(run, ms);
  return () => clearTimeout(handle);
}
