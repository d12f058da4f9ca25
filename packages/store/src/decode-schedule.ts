import type { MissedTicks, Overlap } from '@dispatchr/lifecycle';
import type { Row } from './database/database.ts';
import { present } from './decode-row.ts';
import type { ScheduleRecord } from './schedule-record.ts';

/** Columns of a schedule as every answer shows it. */
export const SCHEDULE_COLUMNS = `
  name, cron, time_zone, missed_ticks, overlap, source, paused, created_at, next_tick_at, last_tick_at, last_task_id`;

/** Reads {@link SCHEDULE_COLUMNS}. */
export function toScheduleRecord(row: Row): ScheduleRecord {
  return {
    name: row['name'] as string,
    cron: row['cron'] as string,
    timeZone: row['time_zone'] as string,
    missedTicks: row['missed_ticks'] as MissedTicks,
    overlap: row['overlap'] as Overlap,
    source: row['source'] as string,
    paused: row['paused'] === true,
    createdAt: row['created_at'] as Date,
    ...present({
      nextTickAt: row['next_tick_at'] as Date | null,
      lastTickAt: row['last_tick_at'] as Date | null,
      lastTaskId: row['last_task_id'] as string | null,
    }),
  };
}
