import type postgres from 'postgres';
import type { DatabaseServer } from '../cluster/database-server.ts';
import { type FaultKind, pause } from './fault-kind.ts';

/** More sessions than the server admits. */
const TOO_MANY_SESSIONS = 90;

/** What can happen to the database, which all processes share. */
export const DATABASE_FAULTS: readonly FaultKind[] = [
  {
    name: 'database-stopped-immediately',
    part: 'database',
    weight: 2,
    async strike({ cluster: { database } }, _victim, random) {
      await database.stop('immediate');
      await pause(random.between(0, 5000));
      await database.start();
      return undefined;
    },
  },
  {
    name: 'database-killed',
    part: 'database',
    weight: 2,
    async strike({ cluster: { database } }, _victim, random) {
      await database.kill();
      await pause(random.between(0, 5000));
      await database.start();
      return undefined;
    },
  },
  {
    name: 'backends-terminated',
    part: 'database',
    weight: 8,
    strike: ({ cluster: { database } }) =>
      asAdministrator(database, async (sql) => `${await terminateBackends(sql)} connections`),
  },
  {
    name: 'database-read-only',
    part: 'database',
    weight: 2,
    strike: ({ cluster: { database } }, _victim, random) =>
      asAdministrator(database, async (sql) => {
        await sql`ALTER SYSTEM SET default_transaction_read_only = on`;
        await sql`SELECT pg_reload_conf()`;
        await pause(random.between(1000, 6000));
        await sql`ALTER SYSTEM RESET default_transaction_read_only`;
        await sql`SELECT pg_reload_conf()`;
        return undefined;
      }),
  },
  {
    name: 'database-disk-full',
    part: 'database',
    weight: 2,
    isPossible: ({ cluster }) => cluster.disk !== undefined,
    async strike({ cluster: { database, disk } }, _victim, random) {
      await disk?.fill();
      await pause(random.between(2000, 6000));
      await disk?.free();
      // It gives up when it cannot write its log, and then cannot start either.
      await database.start();
      return undefined;
    },
  },
  {
    name: 'connections-exhausted',
    part: 'database',
    weight: 2,
    async strike({ cluster: { database } }, _victim, random) {
      await asAdministrator(database, terminateBackends);
      const sessions = await takeAllSessions(database);
      await pause(random.between(2000, 6000));
      await Promise.all(sessions.map((sql) => sql.end({ timeout: 1 })));
      return `${sessions.length} sessions`;
    },
  },
  {
    name: 'transaction-held-open',
    part: 'transaction',
    weight: 1,
    isLong: true,
    strike: ({ cluster: { database }, heal }, _victim, random) =>
      asAdministrator(database, async (sql) => {
        // A crash of the server ends it before its time.
        await sql
          .begin('ISOLATION LEVEL REPEATABLE READ', async (held) => {
            await held`SELECT pg_current_xact_id(), count(*) FROM dispatchr.unfinished_tasks`;
            await pause(random.between(60_000, 120_000), heal);
          })
          .catch(() => undefined);
        return undefined;
      }),
  },
];

async function asAdministrator<Result>(
  database: DatabaseServer,
  act: (sql: postgres.Sql) => Promise<Result>,
): Promise<Result> {
  const sql = database.administrator();
  try {
    return await act(sql);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

async function terminateBackends(sql: postgres.Sql): Promise<number> {
  const rows = await sql`
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE backend_type = 'client backend' AND application_name LIKE 'dispatchr%'`;
  return rows.length;
}

/** Many at once, for each takes its time to log in. */
async function takeAllSessions(database: DatabaseServer): Promise<postgres.Sql[]> {
  const sessions = await Promise.all(
    Array.from({ length: TOO_MANY_SESSIONS }, async () => {
      const sql = database.administrator();
      try {
        await sql`SELECT 1`;
        return [sql];
      } catch {
        await sql.end({ timeout: 1 });
        return [];
      }
    }),
  );
  return sessions.flat();
}
