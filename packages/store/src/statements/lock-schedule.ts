import type { Queryable, Row } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** What changes of a schedule go by, under the lock of its row. */
export interface LockedSchedule {
  /** '' of a schedule that was made just now. */
  readonly cron: string;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly nextTickAt: Date | undefined;
  /** JSON of a `ScheduledTaskContent`. */
  readonly task: string;
  /** The present, from behind the wait for the lock: ticks that were recorded meanwhile are past. */
  readonly now: Date;
}

const LOCKED = sql.raw('s.cron, s.time_zone, s.paused, s.next_tick_at, s.task, clock_timestamp() AS now');

/** Revisions begin with the time, so that a schedule that was deleted and made again has none of its former ones. */
const makeScheduleStatement = defineStatement(
  'make-schedule',
  'read',
  { name: 'text' },
  ($) => sql`
    INSERT INTO ${schedules} AS s (name, cron, time_zone, missed_ticks, overlap, source, task, created_at, revision)
    VALUES (${$.name}, '', '', '', '', '', '', now(), extract(epoch FROM clock_timestamp()) * 1000000)
    ON CONFLICT (name) DO UPDATE SET revision = s.revision + 1
    RETURNING ${LOCKED}`,
);

const lockScheduleStatement = defineStatement(
  'lock-schedule',
  'read',
  { name: 'text' },
  ($) => sql`
    UPDATE ${schedules} s SET revision = revision + 1 WHERE name = ${$.name} RETURNING ${LOCKED}`,
);

/** Locks a schedule until the transaction ends; makes an empty one, to be written by it, if there is none. */
export async function makeSchedule(transaction: Queryable, name: string): Promise<LockedSchedule> {
  const [row = {}] = await makeScheduleStatement(transaction, { name });
  return toLockedSchedule(row);
}

/** Locks a schedule until the transaction ends; undefined when there is none of the name. */
export async function lockSchedule(
  transaction: Queryable,
  name: string,
): Promise<LockedSchedule | undefined> {
  const [row] = await lockScheduleStatement(transaction, { name });
  return row && toLockedSchedule(row);
}

function toLockedSchedule(row: Row): LockedSchedule {
  return {
    cron: row['cron'] as string,
    timeZone: row['time_zone'] as string,
    paused: row['paused'] === true,
    nextTickAt: (row['next_tick_at'] as Date | null) ?? undefined,
    task: row['task'] as string,
    now: row['now'] as Date,
  };
}
