import type { MutantId } from '../../selftest/mutants/index.ts';
import type { CronFields } from './cron-fields.ts';
import { offsetAt, offsetUntil } from './local-time.ts';

const DAY_MS = 86_400_000;
const LONGEST_MS = 3653 * DAY_MS;

/** The first tick after an instant, in milliseconds; `undefined` if none comes within ten years. Spec: SCH-061 to SCH-064. */
export function nextTick(
  cron: CronFields,
  timeZone: string,
  afterMs: number,
  mutants: ReadonlySet<MutantId>,
): number | undefined {
  const zone = mutants.has('time-zone-ignored') ? 'UTC' : timeZone;
  const firstMs = (Math.floor(afterMs / 1000) + 1) * 1000;
  // While the offset stays, local time and instants go together.
  for (let fromMs = firstMs; fromMs < firstMs + LONGEST_MS;) {
    const untilMs = offsetUntil(zone, fromMs);
    const offsetMs = offsetAt(zone, fromMs);
    const isMadeUp = skippedMatch(cron, zone, fromMs) !== undefined && makesUp(cron, mutants);
    if (isMadeUp) return fromMs + (mutants.has('skipped-time-moved-on') ? 1_800_000 : 0);
    for (let localMs = fromMs + offsetMs; ; localMs += 1000) {
      const match = firstMatch(cron, localMs, untilMs + offsetMs);
      if (match === undefined) break;
      if (!isLeftOut(cron, zone, match - offsetMs, mutants)) return match - offsetMs;
      localMs = match;
    }
    fromMs = untilMs;
  }
  return undefined;
}

/** The first matching local time that a change of the clock at an instant skips. */
function skippedMatch(cron: CronFields, zone: string, ms: number): number | undefined {
  const beforeMs = offsetAt(zone, ms - 1000);
  return firstMatch(cron, ms + beforeMs, ms + offsetAt(zone, ms));
}

/** Spec: SCH-062, SCH-064. */
function makesUp({ isFixed }: CronFields, mutants: ReadonlySet<MutantId>): boolean {
  return isFixed ? !mutants.has('skipped-time-left-out') : mutants.has('skipped-times-made-up');
}

/** Whether the local time of a match comes twice and does not count this time. Spec: SCH-062, SCH-063. */
function isLeftOut(
  { isFixed }: CronFields,
  zone: string,
  ms: number,
  mutants: ReadonlySet<MutantId>,
): boolean {
  const isLater = mutants.has(isFixed ? 'fixed-time-at-the-second' : 'doubled-times-at-the-second');
  const otherMs = isLater ? ms + DAY_MS : ms - DAY_MS;
  const shiftMs = offsetAt(zone, ms) - offsetAt(zone, otherMs);
  const twinMs = ms + shiftMs;
  const isTwin = offsetAt(zone, twinMs) === offsetAt(zone, otherMs);
  return (isFixed || isLater) && isTwin && (isLater ? twinMs > ms : twinMs < ms);
}

/** The first local second from one until another that every field matches. */
function firstMatch(cron: CronFields, fromMs: number, untilMs: number): number | undefined {
  for (let dayMs = Math.floor(fromMs / DAY_MS) * DAY_MS; dayMs < untilMs; dayMs += DAY_MS) {
    if (!isDay(cron, new Date(dayMs))) continue;
    for (const hour of cron.hours) {
      const hourMs = dayMs + hour * 3_600_000;
      if (hourMs + 3_600_000 <= fromMs || hourMs >= untilMs) continue;
      for (const minute of cron.minutes) {
        for (const second of cron.seconds) {
          const ms = hourMs + (minute * 60 + second) * 1000;
          if (ms >= fromMs) return ms < untilMs ? ms : undefined;
        }
      }
    }
  }
  return undefined;
}

/** Spec: SCH-061. */
function isDay({ days, months, weekdays, isEitherDay }: CronFields, date: Date): boolean {
  if (!months.has(date.getUTCMonth() + 1)) return false;
  const isOfMonth = days.has(date.getUTCDate());
  const isOfWeek = weekdays.has(date.getUTCDay());
  return isEitherDay ? isOfMonth || isOfWeek : isOfMonth && isOfWeek;
}
