import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type CronSchedule, parseCron } from './cron.ts';

function schedule(cron: string, timeZone = 'UTC'): CronSchedule {
  const parsed = parseCron(cron, timeZone);
  if (parsed.kind === 'refused') throw new Error(parsed.detail);
  return parsed;
}

/** So many ticks after an instant, without the zeros that all have. */
function ticks({ nextAfter }: CronSchedule, after: string, count: number): string[] {
  const found: string[] = [];
  let last = new Date(after);
  while (found.length < count) {
    const next = nextAfter(last);
    if (next === undefined) break;
    found.push(next.toISOString().replace(/(:00)?\.000Z$/, ''));
    last = next;
  }
  return found;
}

describe('an expression', () => {
  test.each([
    ['* * * * *', ['2026-01-01T00:01', '2026-01-01T00:02']],
    ['*/20 * * * *', ['2026-01-01T00:20', '2026-01-01T00:40', '2026-01-01T01:00']],
    ['*/90 * * * *', ['2026-01-01T01:00', '2026-01-01T02:00']],
    ['10-20/5,50 3 * * *', ['2026-01-01T03:10', '2026-01-01T03:15', '2026-01-01T03:20', '2026-01-01T03:50']],
    ['*/15 * * * * *', ['2026-01-01T00:00:15', '2026-01-01T00:00:30', '2026-01-01T00:00:45']],
    ['0 0 * * 0', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 * * 7', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 * * fri-SUN', ['2026-01-02T00:00', '2026-01-03T00:00', '2026-01-04T00:00', '2026-01-09T00:00']],
    ['0 0 * * SUN-SUN', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['0 0 1 jan,Mar-APR *', ['2026-03-01T00:00', '2026-04-01T00:00', '2027-01-01T00:00']],
    // Either day is enough where neither is `*`; a step makes another thing of it.
    ['0 0 13 * FRI', ['2026-01-02T00:00', '2026-01-09T00:00', '2026-01-13T00:00', '2026-01-16T00:00']],
    ['0 0 */30 * 3', ['2026-01-07T00:00', '2026-01-14T00:00', '2026-01-21T00:00', '2026-01-28T00:00']],
    ['0 0 * 2 3', ['2026-02-04T00:00', '2026-02-11T00:00']],
    ['0 0 29 2 *', ['2028-02-29T00:00', '2032-02-29T00:00']],
    [' 05\t6  7 8 * ', ['2026-08-07T06:05']],
    ['@hourly', ['2026-01-01T01:00', '2026-01-01T02:00']],
    ['@daily', ['2026-01-02T00:00']],
    ['@midnight', ['2026-01-02T00:00']],
    ['@weekly', ['2026-01-04T00:00', '2026-01-11T00:00']],
    ['@monthly', ['2026-02-01T00:00', '2026-03-01T00:00']],
    ['@yearly', ['2027-01-01T00:00', '2028-01-01T00:00']],
    ['@annually', ['2027-01-01T00:00']],
  ])('%j ticks at %j', (cron, expected) => {
    expect(ticks(schedule(cron), '2026-01-01T00:00:00Z', expected.length)).toEqual(expected);
  });

  it.each([
    ['', '5 fields'],
    ['* * * *', '4 fields'],
    ['* * * * * * *', 'years'],
    ['60 * * * *', 'minute to be 0 to 59'],
    ['* 24 * * *', 'hour to be 0 to 23'],
    ['* * 0 * *', 'day of month to be 1 to 31'],
    ['* * 32 * *', 'day of month to be 1 to 31'],
    ['* * * 13 *', 'month to be 1 to 12 or JAN to DEC'],
    ['* * * * 8', 'day of week to be 0 to 7 or SUN to SAT'],
    ['60 * * * * *', 'second to be 0 to 59'],
    ['20-10 * * * *', 'does not end before it begins'],
    ['* * * * fri-mon', 'does not end before it begins'],
    ['* * * * 5-0', 'does not end before it begins'],
    ['*/0 * * * *', 'a step of 1 or more'],
    ['5/2 * * * *', 'after * or a range'],
    ['/2 * * * *', '*, a value or a range'],
    ['1, * * * *', '*, a value or a range'],
    ['-1 * * * *', '*, a value or a range'],
    ['+1 * * * *', '*, a value or a range'],
    ['1.5 * * * *', '*, a value or a range'],
    ['0x1 * * * *', 'minute to be 0 to 59'],
    ['1e1 * * * *', 'minute to be 0 to 59'],
    ['?  * * * *', '*, a value or a range'],
    ['* * L * *', 'day of month to be 1 to 31'],
    ['* * 15W * *', 'day of month to be 1 to 31'],
    ['* * * * FRI#2', '*, a value or a range'],
    ['* * * * 5L', 'day of week to be 0 to 7'],
    ['* * * FRI *', 'month to be 1 to 12'],
    ['* * * JANUARY *', 'month to be 1 to 12'],
    ['@reboot', 'five fields'],
    ['@Daily', 'five fields'],
    ['__proto__', 'five fields'],
    ['0 0 30 2 *', 'never'],
    ['0 0 31 4,6,9,11 *', 'never'],
  ])('%j is refused', (cron, why) => {
    const expected = why.endsWith('fields') || why === 'years' ? 'five fields' : why;
    expect(parseCron(cron, 'UTC')).toEqual({
      kind: 'refused',
      member: 'cron',
      detail: expect.stringContaining(expected),
    });
  });
});

describe('a time zone', () => {
  it.each([
    'UTC',
    'GMT',
    'Europe/Berlin',
    'America/Argentina/Ushuaia',
    'Asia/Calcutta',
    'Etc/GMT+1',
    'EST5EDT',
  ])('%s is one', (timeZone) => {
    expect(parseCron('@daily', timeZone)).toMatchObject({ kind: 'schedule' });
  });

  it.each(['', 'Z', '+01:00', 'UTC+1', 'PST', 'IST', 'Europe/Atlantis', 'local', ' UTC', 'SystemV/PST8'])(
    '%j is none',
    (timeZone) => {
      expect(parseCron('@daily', timeZone)).toEqual({
        kind: 'refused',
        member: 'timeZone',
        detail: `expected a time zone of the IANA database such as Europe/Berlin, got ${JSON.stringify(timeZone)}`,
      });
    },
  );
});

/*
 * In 2026 the clocks of Berlin skip from 02:00 to 03:00 on 29 March and go back from 03:00 to 02:00 on 25 October; those of
 * New York skip from 02:00 to 03:00 on 8 March and go back from 02:00 to 01:00 on 1 November.
 */
describe('a change of the clock', () => {
  it.each([
    ['Europe/Berlin', '2026-03-28T00:00Z', ['2026-03-28T01:30', '2026-03-29T01:00', '2026-03-30T00:30']],
    ['America/New_York', '2026-03-07T00:00Z', ['2026-03-07T07:30', '2026-03-08T07:00', '2026-03-09T06:30']],
  ])('that skips 02:30 in %s makes it tick at the first instant after', (timeZone, after, expected) => {
    expect(ticks(schedule('30 2 * * *', timeZone), after, 3)).toEqual(expected);
  });

  it.each([
    ['Europe/Berlin', '30 2 * * *', '2026-10-24T12:00Z', ['2026-10-25T00:30', '2026-10-26T01:30']],
    ['America/New_York', '30 1 * * *', '2026-10-31T12:00Z', ['2026-11-01T05:30', '2026-11-02T06:30']],
  ])(
    'that repeats its time in %s makes %s tick at the first of the two',
    (timeZone, cron, after, expected) => {
      expect(ticks(schedule(cron, timeZone), after, 2)).toEqual(expected);
      // And not at the second, for whoever looks in between.
      expect(ticks(schedule(cron, timeZone), `${expected[0]}:59Z`, 1)).toEqual([expected[1]]);
    },
  );

  it.each([
    ['Europe/Berlin', '*/30 2 * * *', '2026-03-28T12:00Z', ['2026-03-30T00:00', '2026-03-30T00:30']],
    ['America/New_York', '0,30 2 * * *', '2026-03-07T12:00Z', ['2026-03-09T06:00', '2026-03-09T06:30']],
  ])('that skips a time in %s has no tick of %s', (timeZone, cron, after, expected) => {
    expect(ticks(schedule(cron, timeZone), after, 2)).toEqual(expected);
  });

  it.each([
    [
      'Europe/Berlin',
      '*/30 2 * * *',
      '2026-10-24T12:00Z',
      ['2026-10-25T00:00', '2026-10-25T00:30', '2026-10-25T01:00', '2026-10-25T01:30', '2026-10-26T01:00'],
    ],
    [
      'America/New_York',
      '0,30 1 * * *',
      '2026-10-31T12:00Z',
      ['2026-11-01T05:00', '2026-11-01T05:30', '2026-11-01T06:00', '2026-11-01T06:30', '2026-11-02T06:00'],
    ],
  ])('that repeats a time in %s has both ticks of %s', (timeZone, cron, after, expected) => {
    expect(ticks(schedule(cron, timeZone), after, 5)).toEqual(expected);
  });

  /** Lord Howe's clocks change by half an hour, Troll's by two. */
  const CHANGES = [
    ['Europe/Berlin', '2026-03-28T12:00Z'],
    ['Europe/Berlin', '2026-10-24T12:00Z'],
    ['America/New_York', '2026-03-07T18:00Z'],
    ['America/New_York', '2026-10-31T18:00Z'],
    ['Australia/Lord_Howe', '2026-04-04T03:00Z'],
    ['Australia/Lord_Howe', '2026-10-03T03:00Z'],
    ['Antarctica/Troll', '2026-03-28T12:00Z'],
    ['Antarctica/Troll', '2026-10-24T12:00Z'],
  ] as const;

  it('or none: a schedule of several minutes ticks at each minute whose local time matches', () => {
    const cases = CHANGES.map(([timeZone, from]) => ({
      timeZone,
      minutes: localMinutes(timeZone, from, 24),
    }));
    const values = (most: number, least: number) =>
      fc.uniqueArray(fc.integer({ min: 0, max: most }), { minLength: least, maxLength: 4 });
    fc.assert(
      fc.property(fc.constantFrom(...cases), values(59, 2), values(23, 1), ({ timeZone, minutes }, m, h) => {
        const { nextAfter } = schedule(`${m.join(',')} ${h.join(',')} * * *`, timeZone);
        const expected = minutes.filter(({ minute, hour }) => m.includes(minute) && h.includes(hour));
        let last = new Date((minutes[0]?.atMs ?? 0) - 1000);
        for (const { atMs } of expected) {
          last = nextAfter(last) ?? new Date(0);
          expect(last.toISOString()).toBe(new Date(atMs).toISOString());
        }
      }),
    );
  });
});

/** Each minute of so many hours, with the local time. */
function localMinutes(timeZone: string, from: string, hours: number) {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: 'numeric', minute: 'numeric' });
  return Array.from({ length: hours * 60 }, (_, index) => {
    const atMs = Date.parse(from) + index * 60_000;
    const [hour = NaN, minute = NaN] = format.format(atMs).split(':').map(Number);
    return { atMs, hour, minute };
  });
}
