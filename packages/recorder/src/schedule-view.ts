import type { Schedule, ScheduledTask } from '@dispatchr/contract';
import type { ScheduleRecord } from '@dispatchr/store';
import { RawJson } from './json/raw-json.ts';

/** A schedule as the API shows it; its task stays the text that was put. */
export function toSchedule(record: ScheduleRecord): Schedule {
  const { nextTickAt, lastTickAt, lastTaskId } = record;
  // The order of the members is that of the specification's model, for those who read it.
  return {
    name: record.name,
    cron: record.cron,
    timeZone: record.timeZone,
    task: new RawJson(record.source) as unknown as ScheduledTask,
    missedTicks: record.missedTicks,
    overlap: record.overlap,
    paused: record.paused,
    ...(nextTickAt && { nextTickAt: nextTickAt.toISOString() }),
    ...(lastTickAt && { lastTickAt: lastTickAt.toISOString() }),
    ...(lastTaskId !== undefined && { lastTaskId }),
    createdAt: record.createdAt.toISOString(),
  };
}
