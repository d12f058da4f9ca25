import type { Database, Queryable } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { defineStatement } from '../statement.ts';

const planByIndexStatement = defineStatement(
  'plan-by-index',
  'read',
  {},
  () => sql`
    SELECT set_config('enable_sort', 'off', true), set_config('plan_cache_mode', 'force_custom_plan', true)`,
);

/**
 * Runs `work` with statements that are planned for it, so that what they take in the order of an index comes by that index.
 * Statistics from when the table was all but empty make any other index with a sort seem as good; that reads every row of
 * a queue anew at each step.
 */
export function planningByIndex<T>(
  database: Database,
  work: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  return database.transaction('read', async (transaction) => {
    await planByIndexStatement(transaction, {});
    return work(transaction);
  });
}
