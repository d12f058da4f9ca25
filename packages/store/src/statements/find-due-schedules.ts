import type { MissedTicks, Overlap } from '@dispatchr/lifecycle';
import type { Queryable, Row } from '../database/database.ts';
import { sql } from '../drizzle.ts';
import { schedules } from '../schema/index.ts';
import { defineStatement } from '../statement.ts';

/** A schedule with a tick that is due, at one moment. */
export interface DueSchedule {
  readonly name: string;
  readonly cron: string;
  readonly timeZone: string;
  readonly missedTicks: MissedTicks;
  readonly overlap: Overlap;
  /** The first tick that is due. */
  readonly firstAt: Date;
  /** Of all this: another revision may say something else. */
  readonly revision: string;
}

/** What a look for due ticks found. */
export interface DueSchedules {
  /** The moment of the look. */
  readonly now: Date;
  readonly due: readonly DueSchedule[];
  /** Milliseconds from `now` to the first tick that is not due yet. */
  readonly nextInMs?: number;
}

/** Without its tasks, which are long: whoever records the ticks reads them. */
const findDueSchedulesStatement = defineStatement(
  'find-due-schedules',
  'submit',
  { limit: 'int4' },
  ($) => sql`
    SELECT present.*, due.*
    FROM (
      SELECT now() AS now, (
        SELECT extract(epoch FROM next_tick_at - now())::float8 * 1000 FROM ${schedules}
        WHERE next_tick_at > now() ORDER BY next_tick_at LIMIT 1
      ) AS next_in_ms
    ) present
    LEFT JOIN (
      SELECT name, cron, time_zone, missed_ticks, overlap, next_tick_at, revision FROM ${schedules}
      WHERE next_tick_at <= now() ORDER BY next_tick_at LIMIT ${$.limit}
    ) due ON true
    ORDER BY due.next_tick_at`,
);

/** Finds schedules with due ticks, at most `limit`, those first that are due longest. */
export async function findDueSchedules(
  database: Queryable,
  search: { limit: number },
): Promise<DueSchedules> {
  const rows = await findDueSchedulesStatement(database, search);
  const [{ now, next_in_ms: nextInMs } = {} as Row] = rows;
  return {
    now: now as Date,
    due: rows.filter(({ name }) => name !== null).map(toDueSchedule),
    ...(typeof nextInMs === 'number' && { nextInMs }),
  };
}

function toDueSchedule(row: Row): DueSchedule {
  return {
    name: row['name'] as string,
    cron: row['cron'] as string,
    timeZone: row['time_zone'] as string,
    missedTicks: row['missed_ticks'] as MissedTicks,
    overlap: row['overlap'] as Overlap,
    firstAt: row['next_tick_at'] as Date,
    revision: String(row['revision']),
  };
}
