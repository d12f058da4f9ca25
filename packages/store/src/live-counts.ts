import type { Row } from './database/database.ts';
import { present } from './decode-row.ts';
import { sql } from './drizzle.ts';
import type { LiveCounts } from './queue-record.ts';
import { STATE } from './sql-states.ts';

/** Counts rows of unfinished tasks. Spec: QUE-003, QUE-004. */
export const LIVE_COUNTS = sql`
  count(*) FILTER (WHERE state = ${STATE.pending})::int4 AS pending,
  count(*) FILTER (WHERE state = ${STATE.pending} AND due_at <= now())::int4 AS due,
  count(*) FILTER (WHERE state = ${STATE.running})::int4 AS running,
  min(due_at) FILTER (WHERE state = ${STATE.pending} AND due_at <= now()) AS oldest_due_at`;

/** Reads the columns of {@link LIVE_COUNTS}; all are NULL where nothing was found. */
export function toLiveCounts(row: Row): LiveCounts {
  return {
    pending: Number(row['pending'] ?? 0),
    due: Number(row['due'] ?? 0),
    running: Number(row['running'] ?? 0),
    ...present({ oldestDueAt: row['oldest_due_at'] as Date | null }),
  };
}
