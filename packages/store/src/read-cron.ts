import { type CronSchedule, parseCron } from '@dispatchr/lifecycle';

/** When a schedule ticks; throws a RangeError for a cron or a time zone that is no such thing. */
export function readCron({ cron, timeZone }: { cron: string; timeZone: string }): CronSchedule {
  const parsed = parseCron(cron, timeZone);
  if (parsed.kind === 'refused') throw new RangeError(`${parsed.member}: ${parsed.detail}`);
  return parsed;
}
