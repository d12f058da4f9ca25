import { randomUUID } from 'node:crypto';
import postgres from 'postgres';

/** A database for one test file. */
export interface TestDatabase {
  readonly url: string;
  /** Removes it, and cuts off who is still connected. */
  readonly drop: () => Promise<void>;
}

/** Where databases are cloned. */
export interface DatabaseTemplate {
  /** Of a superuser, on the server that holds the template. */
  readonly serverUrl: string;
  /** Name of the migrated database that is cloned. */
  readonly name: string;
}

/**
 * Clones the migrated template for one test file, or makes an `empty` database.
 * Without `template`, that of the test run is taken, for which vitest needs testkit's global setup.
 */
export async function createTestDatabase(
  options: { empty?: boolean; template?: DatabaseTemplate } = {},
): Promise<TestDatabase> {
  const { serverUrl, name: template } = options.template ?? (await templateOfRun());
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${options.empty ? 'template0' : template}`);
  return {
    url: databaseUrl(serverUrl, name),
    drop: () => dropDatabase(serverUrl, name),
  };
}

/** Makes an empty database and lets `migrate` fill it, to be cloned from then on. */
export async function createTemplate(
  serverUrl: string,
  migrate: (url: string) => Promise<void>,
): Promise<DatabaseTemplate> {
  const name = `template_${randomUUID().replaceAll('-', '')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name}`);
  await migrate(databaseUrl(serverUrl, name));
  return { serverUrl, name };
}

/** Removes a database with all connections to it. */
export function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return runOnServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
}

/** The global setup starts the server when the first test file asks for it. */
async function templateOfRun(): Promise<DatabaseTemplate> {
  // Not at the top: outside vitest this module must load too.
  const { inject } = await import('vitest');
  const broker = inject('dispatchrTestDatabase');
  if (broker === undefined)
    throw new Error('expected testkit’s src/vitest-global-setup.ts in vitest’s globalSetup');
  const answer = await fetch(broker);
  if (!answer.ok) throw new Error(`there is no test database: ${await answer.text()}`);
  return (await answer.json()) as DatabaseTemplate;
}

async function runOnServer(serverUrl: string, sql: string): Promise<void> {
  const client = postgres(serverUrl, { max: 1, onnotice: () => undefined });
  try {
    await client.unsafe(sql);
  } finally {
    await client.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
