import { createTestDatabase } from '@dispatchr/testkit';
import postgres from 'postgres';
import { cpuTimeOfFamily } from '../world/cpu-time.ts';
import { serverOf } from '../world/installation.ts';
import type { Store } from './peer.ts';

/** What differs between libraries that keep their tasks in PostgreSQL. */
export interface Statements {
  /** Removes all tasks. */
  readonly empty: string;
  /** One row with the `count` of tasks that are not finished. */
  readonly countUnfinished: string;
}

/** Makes an empty database on the server that all contestants share; the library installs its schema by itself. */
export async function openPostgresStore(serverUrl: string, statements: Statements): Promise<Store> {
  const database = await createTestDatabase({ empty: true, template: { serverUrl, name: '' } });
  const sql = postgres(database.url, { max: 1, onnotice: () => undefined });
  const server = await serverOf(sql);
  const settle = async (): Promise<void> => {
    await sql`VACUUM (ANALYZE)`;
    await sql`CHECKPOINT`;
  };
  return {
    url: database.url,
    async empty() {
      await sql.unsafe(statements.empty);
      await settle();
    },
    settle,
    async countUnfinished() {
      const [row] = await sql.unsafe<{ count: string }[]>(statements.countUnfinished);
      return Number(row?.count);
    },
    cpuMs: async () => ({ database: await cpuTimeOfFamily(server) }),
    async close() {
      await sql.end();
      await database.drop();
    },
  };
}
