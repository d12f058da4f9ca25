import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { withSchedules } from './own-schedules.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
// North and south, so that one of them changes within less than a year, whatever the day.
const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'America/Santiago'];

/** A change of the clocks of a zone. */
interface Change {
  readonly timeZone: string;
  /** The first instant of the new time. */
  readonly atMs: number;
  /** What the clock shows then by the former time and by the new one, as if it were UTC. */
  readonly beforeMs: number;
  readonly afterMs: number;
}

/** Ticks about changes of the clock. Those that are to come show in `nextTickAt`. */
export const CLOCK_CHANGE_CHECKS: readonly Check[] = [
  {
    id: 'a-fixed-time-that-is-skipped-ticks-at-the-change',
    title:
      'A schedule of one time of day ticks at the first instant after a change of the clock that skips it.',
    covers: { 'SCH-062': '6146b3bb' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const change = nextChange(t, 1);
      const { timeZone, atMs, beforeMs } = change;
      const middle = new Date(beforeMs + (change.afterMs - beforeMs) / 2);
      for (const second of [0, 15]) {
        const cron = `${second} ${middle.getUTCMinutes()} ${middle.getUTCHours()} ${dayOf(change)}`;
        const { nextTickAt } = await schedules.put({ cron, timeZone }, `-${second}`);
        t.equal('SCH-062', `the tick of ${cron} in ${timeZone}`, nextTickAt, new Date(atMs).toISOString());
      }
    }),
  },
  {
    id: 'a-fixed-time-that-comes-twice-ticks-at-the-first',
    title: 'A schedule of one time of day ticks at the first of two instants that have it.',
    covers: { 'SCH-062': '6146b3bb' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const change = nextChange(t, -1);
      const { timeZone, atMs, beforeMs, afterMs } = change;
      const middle = new Date(afterMs + (beforeMs - afterMs) / 2);
      const cron = `${middle.getUTCMinutes()} ${middle.getUTCHours()} ${dayOf(change)}`;
      const { nextTickAt } = await schedules.put({ cron, timeZone });
      const first = new Date(atMs - (beforeMs - middle.getTime())).toISOString();
      t.equal('SCH-062', `the tick of ${cron} in ${timeZone}`, nextTickAt, first);
    }),
  },
  {
    id: 'other-times-that-are-skipped-do-not-tick',
    title: 'A schedule of several times of day does not tick for those that a change of the clock skips.',
    covers: { 'SCH-064': 'c3ea7a0a' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const change = nextChange(t, 1);
      const { timeZone, atMs, beforeMs, afterMs } = change;
      const skipped = new Date(beforeMs + (afterMs - beforeMs) / 2);
      // Two hours later: what is moved by the change would come before it.
      const later = new Date(skipped.getTime() + 2 * HOUR_MS);
      const cron = `${skipped.getUTCMinutes()} ${skipped.getUTCHours()},${later.getUTCHours()} ${dayOf(change)}`;
      const { nextTickAt } = await schedules.put({ cron, timeZone });
      const expected = new Date(atMs + (later.getTime() - afterMs)).toISOString();
      t.equal('SCH-064', `the first tick of ${cron} in ${timeZone}`, nextTickAt, expected);
    }),
  },
  {
    id: 'other-times-that-come-twice-tick-at-the-first-too',
    title: 'A schedule of several times of day ticks at the first of two instants that have one of them.',
    covers: { 'SCH-063': '349876a5' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const change = nextChange(t, -1);
      const { timeZone, atMs, beforeMs, afterMs } = change;
      const cron = `*/10 ${new Date(afterMs).getUTCHours()} ${dayOf(change)}`;
      const { nextTickAt } = await schedules.put({ cron, timeZone });
      const first = new Date(atMs - (beforeMs - afterMs)).toISOString();
      t.equal('SCH-063', `the first tick of ${cron} in ${timeZone}`, nextTickAt, first);
    }),
  },
];

/** The day and month of a change, as fields of a cron expression. */
function dayOf({ beforeMs }: Change): string {
  const date = new Date(beforeMs);
  return `${date.getUTCDate()} ${date.getUTCMonth() + 1} *`;
}

/** The next change that sets clocks forward (1) or back (-1) by an hour, in a zone where its date comes but once until then. */
function nextChange(t: CheckContext, direction: 1 | -1): Change {
  const nowMs = Math.floor(Date.now() / MINUTE_MS) * MINUTE_MS;
  for (const timeZone of ZONES) {
    // The schedule is put before it, and a year later there is another such date.
    for (let fromMs = nowMs + HOUR_MS; fromMs < nowMs + 363 * DAY_MS; fromMs += DAY_MS) {
      const before = offsetAt(timeZone, fromMs);
      const after = offsetAt(timeZone, fromMs + DAY_MS);
      if (after - before !== direction * HOUR_MS) continue;
      const atMs = changeWithin(timeZone, fromMs);
      const change = { timeZone, atMs, beforeMs: atMs + before, afterMs: atMs + after };
      if (isWithinADay(change)) return change;
    }
  }
  return t.skip(`no clock of ${ZONES.join(', ')} changes within a year`);
}

/** Some clocks change at midnight: then the times that are skipped or come twice are of another date. */
function isWithinADay({ beforeMs, afterMs }: Change): boolean {
  const days = [beforeMs - HOUR_MS, beforeMs + 3 * HOUR_MS, afterMs - HOUR_MS, afterMs + 3 * HOUR_MS];
  return new Set(days.map((ms) => Math.floor(ms / DAY_MS))).size === 1;
}

/** The instant of the change within a day from another one on. */
function changeWithin(timeZone: string, fromMs: number): number {
  const before = offsetAt(timeZone, fromMs);
  let [earlyMs, lateMs] = [fromMs, fromMs + DAY_MS];
  while (lateMs - earlyMs > MINUTE_MS) {
    const middleMs = Math.floor((earlyMs + lateMs) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(timeZone, middleMs) === before) earlyMs = middleMs;
    else lateMs = middleMs;
  }
  return lateMs;
}

/** What the clocks of a zone are ahead of UTC at an instant of a whole minute, in milliseconds. */
function offsetAt(timeZone: string, ms: number): number {
  // Of the Swedes, because they write times as ISO 8601 does.
  const local = new Date(ms).toLocaleString('sv-SE', { timeZone });
  return Date.parse(`${local.replace(' ', 'T')}Z`) - ms;
}
