import { Cron } from 'croner';
import { readCronFields } from './cron-fields.ts';
import { isTimeZone } from './time-zone.ts';

/** When something ticks. */
export interface CronSchedule {
  /** The first tick after an instant, whole seconds of UTC; undefined when there is none any more. */
  nextAfter(instant: Date): Date | undefined;
}

/** A cron expression that was read, or what is wrong with which member. */
export type ParsedCron =
  | ({ readonly kind: 'schedule' } & CronSchedule)
  | { readonly kind: 'refused'; readonly member: 'cron' | 'timeZone'; readonly detail: string };

/**
 * An expression that does not tick in these ten years never does: the calendar and the changes of clocks repeat. The
 * present plays no part, so that the same expression is always judged alike.
 */
const JUDGED_FROM = new Date('2000-01-01T00:00:00Z');
const JUDGED_UNTIL = new Date('2010-01-01T00:00:00Z');

/**
 * Reads a cron expression in a time zone. What it makes of changes of the clock is told by SCH-062 to SCH-064.
 * Spec: SCH-011, SCH-060, SCH-061.
 */
export function parseCron(cron: string, timeZone: string): ParsedCron {
  const fields = readCronFields(cron);
  if (fields.kind === 'refused') return { kind: 'refused', member: 'cron', detail: fields.detail };
  if (!isTimeZone(timeZone)) {
    const detail = `expected a time zone of the IANA database such as Europe/Berlin, got ${JSON.stringify(timeZone)}`;
    return { kind: 'refused', member: 'timeZone', detail };
  }
  // Paused, it sets no timer.
  const job = new Cron(fields.pattern, { timezone: timeZone, paused: true, mode: '5-or-6-parts' });
  const nextAfter = (instant: Date): Date | undefined => job.nextRun(instant) ?? undefined;
  const first = nextAfter(JUDGED_FROM);
  if (first === undefined || first >= JUDGED_UNTIL) {
    const detail = `expected a time that comes within ten years, got ${JSON.stringify(cron)}, which never does`;
    return { kind: 'refused', member: 'cron', detail };
  }
  return { kind: 'schedule', nextAfter };
}
