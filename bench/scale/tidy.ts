import type postgres from 'postgres';

/** What a round begins with. */
export interface Mark {
  /** Removes what has finished since, with all that is known of it; the caller vacuums. */
  tidy(): Promise<void>;
}

/** Remembers the present moment: a round removes as many tasks as it adds, so that what was filled stays in size. */
export async function markRound(sql: postgres.Sql): Promise<Mark> {
  const [row] = await sql<{ at: string }[]>`SELECT clock_timestamp()::text AS at`;
  if (row === undefined) throw new Error('expected the time of the database, got no row');
  return {
    async tidy() {
      await sql`
        WITH gone AS (
          DELETE FROM dispatchr.finished_tasks WHERE finished_at >= ${row.at}::timestamptz RETURNING seq
        ), without_attempts AS (
          DELETE FROM dispatchr.attempts WHERE seq IN (SELECT seq FROM gone)
        )
        DELETE FROM dispatchr.tasks WHERE seq IN (SELECT seq FROM gone)`;
    },
  };
}
