import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { migrate } from '@dispatchr/store';
import type { TestProject } from 'vitest/node';
import { type PostgresServer, startPostgresServer } from './postgres-server.ts';
import { type DatabaseTemplate, createTemplate, dropDatabase } from './test-database.ts';
import { openTestDatabase } from './test-store.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Answers with the {@link DatabaseTemplate} of the run. */
    dispatchrTestDatabase: string;
  }
}

/**
 * Vitest's global setup: one PostgreSQL with one migrated template for the whole run. Both are made when the first
 * test file asks, over loopback HTTP because test files run in processes of their own; a run that needs no
 * database waits for none.
 */
export default async function provideTestDatabase(project: TestProject): Promise<() => Promise<void>> {
  let server: Promise<PostgresServer> | undefined;
  let template: Promise<DatabaseTemplate> | undefined;
  const startServer = () => (server ??= startPostgresServer());
  const prepare = () => (template ??= startServer().then(({ url }) => createTemplate(url, migrateTemplate)));

  const broker = createServer((_request, response) => {
    prepare().then(
      (made) => response.end(JSON.stringify(made)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  broker.listen(0, '127.0.0.1');
  await once(broker, 'listening');
  project.provide('dispatchrTestDatabase', `http://127.0.0.1:${(broker.address() as AddressInfo).port}/`);

  return async () => {
    broker.close();
    broker.closeAllConnections();
    const made = await template?.catch(() => undefined);
    if (made) await dropDatabase(made.serverUrl, made.name);
    const started = await server?.catch(() => undefined);
    await started?.stop();
  };
}

async function migrateTemplate(url: string): Promise<void> {
  const database = await openTestDatabase(url);
  try {
    await migrate(database);
  } finally {
    await database.close();
  }
}
