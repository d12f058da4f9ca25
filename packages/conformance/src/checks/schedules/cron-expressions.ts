import type { Check } from '../../check.ts';
import { forAll } from '../submit/submission-verdict.ts';
import { EACH_YEAR, withSchedules } from './own-schedules.ts';

// Forms that other crons have, and values that no field has.
const NO_CRONS = [
  '*',
  '* * * *',
  '* * * * * * *',
  '60 * * * *',
  '* 24 * * *',
  '* * 0 * *',
  '* * 32 * *',
  '* * * 0 *',
  '* * * 13 *',
  '* * * * 8',
  '60 * * * * *',
  '-1 * * * *',
  '1.5 * * * *',
  '5/10 * * * *',
  '1,,2 * * * *',
  '1- * * * *',
  ', * * * *',
  '*/x * * * *',
  '0 0 ? * *',
  '0 0 L * *',
  '0 0 15W * *',
  '0 0 * * FRI#2',
  '0 0 * * MOONDAY',
  '0 0 * JANUAR *',
  'MON 0 * * *',
  'H * * * *',
  '@reboot',
  '@every 5m',
  '@',
  'every day',
];
const NEVER = ['0 0 30 2 *', '0 0 31 FEB *', '0 0 31 4,6,9,11 *', '0 0 0 31 11 *'];
const NO_ZONES = ['Mars/Olympus_Mons', 'Europe/Atlantis', 'CEST', '+01:00', 'UTC+1', ' Europe/Berlin', '1'];
const ZONES = ['UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia', 'Etc/GMT+5'];

const HOUR_MS = 3_600_000;
// A recorder may take the present once for `createdAt` and once for the ticks.
const SLACK_MS = 2000;

/** A cron expression, the steps in which its ticks can come, and which of these instants (UTC) are ticks. */
type Row = readonly [cron: string, stepMs: number, isTick: (date: Date) => boolean];

const isHour = (date: Date, ...hours: number[]): boolean => hours.includes(date.getUTCHours());
const isDay = (date: Date, ...days: number[]): boolean => days.includes(date.getUTCDate()) && isHour(date, 0);
const isWeekday = (date: Date, ...days: number[]): boolean => days.includes(date.getUTCDay());
const isMonth = (date: Date, ...months: number[]): boolean => months.includes(date.getUTCMonth() + 1);

const TICKS: readonly Row[] = [
  ['@hourly', HOUR_MS, () => true],
  ['@daily', HOUR_MS, (date) => isHour(date, 0)],
  ['@midnight', HOUR_MS, (date) => isHour(date, 0)],
  ['@weekly', HOUR_MS, (date) => isHour(date, 0) && isWeekday(date, 0)],
  ['@monthly', HOUR_MS, (date) => isDay(date, 1)],
  ['@yearly', HOUR_MS, (date) => isDay(date, 1) && isMonth(date, 1)],
  ['@annually', HOUR_MS, (date) => isDay(date, 1) && isMonth(date, 1)],
  ['0 0 * * 0', HOUR_MS, (date) => isHour(date, 0) && isWeekday(date, 0)],
  ['0 0 * * 7', HOUR_MS, (date) => isHour(date, 0) && isWeekday(date, 0)],
  ['0 0 * * sun', HOUR_MS, (date) => isHour(date, 0) && isWeekday(date, 0)],
  ['0 0 * * 5-7', HOUR_MS, (date) => isHour(date, 0) && isWeekday(date, 5, 6, 0)],
  ['0 12 * JAN,jul Mon-FRI', HOUR_MS, isNoonOfAWorkday],
  ['0 6-18/6 * * *', HOUR_MS, (date) => isHour(date, 6, 12, 18)],
  ['0 1-23/11 * * *', HOUR_MS, (date) => isHour(date, 1, 12, 23)],
  ['0 */7 * * *', HOUR_MS, (date) => isHour(date, 0, 7, 14, 21)],
  ['0 3,5,4-4 * * *', HOUR_MS, (date) => isHour(date, 3, 4, 5)],
  ['0 0 */10 2 *', HOUR_MS, (date) => isDay(date, 1, 11, 21) && isMonth(date, 2)],
  ['0 0 11-20/4,29-31 * *', HOUR_MS, (date) => isDay(date, 11, 15, 19, 29, 30, 31)],
  ['0 0 * */5 *', HOUR_MS, (date) => isHour(date, 0) && isMonth(date, 1, 6, 11)],
  ['0 0 29 2 *', HOUR_MS, (date) => isDay(date, 29) && isMonth(date, 2)],
  ['0 0 13 * 5', HOUR_MS, (date) => isHour(date, 0) && (isDay(date, 13) || isWeekday(date, 5))],
  [
    '0 0 1 10 1',
    HOUR_MS,
    (date) => isHour(date, 0) && isMonth(date, 10) && (isDay(date, 1) || isWeekday(date, 1)),
  ],
  ['0 23 31 12 *', HOUR_MS, (date) => isHour(date, 23) && isMonth(date, 12) && date.getUTCDate() === 31],
  ['*/20 * * * *', 60_000, (date) => date.getUTCMinutes() % 20 === 0],
  [
    '30 0 0 1 * *',
    30_000,
    (date) => isDay(date, 1) && date.getUTCMinutes() === 0 && date.getUTCSeconds() === 30,
  ],
  ['10-50/20 */30 * * * *', 10_000, isAtTenThirtyFifty],
];

/** Which cron expressions and time zones there are, and when they tick. */
export const CRON_CHECKS: readonly Check[] = [
  {
    id: 'a-cron-of-another-form-is-refused',
    title: 'A `cron` of another dialect, and one with a value that its field does not have, is refused.',
    covers: { 'SCH-011': '911ed7c9', 'SCH-060': '0b785d32' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await forAll(NO_CRONS, async (cron) => {
        const response = await schedules.send({ cron });
        t.problem('SCH-060', response, 'invalid-request', { pointer: '/cron' });
      });
    }),
  },
  {
    id: 'a-cron-that-never-ticks-is-refused',
    title: 'A `cron` that never ticks is refused, and one that ticks on 29 February is not.',
    covers: { 'SCH-011': '911ed7c9' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await schedules.put({ cron: '0 0 29 2 *' });
      await forAll(NEVER, async (cron) => {
        const response = await schedules.send({ cron });
        t.problem('SCH-011', response, 'invalid-request', { pointer: '/cron' });
      });
    }),
  },
  {
    id: 'a-time-zone-that-nobody-named-is-refused',
    title: 'A `timeZone` that the IANA database does not name is refused, and every other is accepted.',
    covers: { 'SCH-011': '911ed7c9' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      await forAll(NO_ZONES, async (timeZone) => {
        const response = await schedules.send({ cron: EACH_YEAR, timeZone });
        t.problem('SCH-011', response, 'invalid-request', { pointer: '/timeZone' });
      });
      for (const timeZone of ZONES) {
        const schedule = await schedules.put({ cron: EACH_YEAR, timeZone });
        t.equal('SCH-011', 'timeZone', schedule.timeZone, timeZone);
      }
    }),
  },
  {
    id: 'a-cron-ticks-when-every-field-matches',
    title:
      'A schedule ticks first at the next instant that its `cron` matches, whatever form its fields have.',
    covers: { 'SCH-061': 'e5ed0354', 'SCH-060': '0b785d32' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      const rows = [...TICKS.entries()];
      await forAll(rows, async ([at, [cron, stepMs, isTick]]) => {
        const { createdAt, nextTickAt } = await schedules.put({ cron }, `-${at}`);
        const expected = firstTicks(Date.parse(createdAt), stepMs, isTick);
        t.ok(
          'SCH-061',
          `${cron} ticks first at ${expected.join(' or ')}`,
          expected.includes(nextTickAt),
          nextTickAt,
        );
      });
    }),
  },
  {
    id: 'a-cron-is-read-in-its-time-zone',
    title: 'The fields of `cron` are matched against the local time of `timeZone`.',
    covers: { 'SCH-061': 'e5ed0354' },
    profile: 'recorder',
    features: ['schedules'],
    run: withSchedules(async (t, schedules) => {
      // None of them changes its clocks.
      const midnights = {
        'Asia/Tokyo': '15:00',
        'Asia/Kolkata': '18:30',
        'America/Phoenix': '07:00',
        'Etc/GMT+5': '05:00',
      };
      for (const [timeZone, utc] of Object.entries(midnights)) {
        const { nextTickAt } = await schedules.put(
          { cron: '0 0 1 6 *', timeZone },
          `-${utc.replace(':', '')}`,
        );
        const day = utc > '12' ? '05-31' : '06-01';
        t.equal('SCH-061', `midnight of 1 June in ${timeZone}`, nextTickAt.slice(5), `${day}T${utc}:00.000Z`);
      }
    }),
  },
];

function isNoonOfAWorkday(date: Date): boolean {
  return isHour(date, 12) && isMonth(date, 1, 7) && isWeekday(date, 1, 2, 3, 4, 5);
}

function isAtTenThirtyFifty(date: Date): boolean {
  return date.getUTCMinutes() % 30 === 0 && [10, 30, 50].includes(date.getUTCSeconds());
}

/** The first tick after a schedule was made, and that of a moment before and after, should one be so near. */
function firstTicks(createdAtMs: number, stepMs: number, isTick: Row[2]): string[] {
  const found = [-SLACK_MS, 0, SLACK_MS].map((shiftMs) => {
    let ms = Math.floor((createdAtMs + shiftMs) / stepMs) * stepMs;
    do ms += stepMs;
    while (!isTick(new Date(ms)));
    return new Date(ms).toISOString();
  });
  return [...new Set(found)];
}
