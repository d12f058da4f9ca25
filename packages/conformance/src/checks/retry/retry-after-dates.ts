import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { LONG_MS, longRetry, pauseAfterAnswer, requirePause } from './observed-pause.ts';

const ASKED_MS = 40_000;
// The suite's clock, the scheduler's and the database's need not agree to the second.
const CLOCKS_MS = 5000;

type Form = (date: Date) => string;

const LONG_DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** `Sun, 06 Nov 1994 08:49:37 GMT` */
const imfFixdate: Form = (date) => date.toUTCString();

/** `Sunday, 06-Nov-94 08:49:37 GMT` */
const rfc850: Form = (date) => {
  const [, day, month, year, clock] = date.toUTCString().split(' ');
  return `${LONG_DAYS[date.getUTCDay()]}, ${day}-${month}-${year?.slice(2)} ${clock} GMT`;
};

/** `Sun Nov  6 08:49:37 1994` */
const asctime: Form = (date) => {
  const [, , month, year, clock] = date.toUTCString().split(' ');
  const day = String(date.getUTCDate()).padStart(2, ' ');
  return `${LONG_DAYS[date.getUTCDay()]?.slice(0, 3)} ${month} ${day} ${clock} ${year}`;
};

/** A date whose day has one digit and that no clock in use shows; dates that are counted from a clock are off by months. */
function longAgo(): Date {
  const date = new Date(Date.now() - 100 * 86_400_000);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 6, 8, 49, 37));
}

/** The pause after a 500 with a `Retry-After` date and, if one is given, a `Date`. */
function pauseAfterDate(t: CheckContext, retryAfter: string, date?: string): Promise<number> {
  const dated = date === undefined ? {} : { Date: date };
  return pauseAfterAnswer(t, { status: 500, headers: { 'Retry-After': retryAfter, ...dated } }, longRetry(t));
}

async function requireFollowed(t: CheckContext, form: Form): Promise<void> {
  const answered = longAgo();
  const until = form(new Date(answered.getTime() + ASKED_MS));
  const gotMs = await pauseAfterDate(t, until, answered.toUTCString());
  const what = `Retry-After: ${until} in an answer of Date: ${answered.toUTCString()}`;
  requirePause(t, 'RTY-022', what, gotMs, ASKED_MS);
}

/** When it is on the implementation's clock, as far as its latest answer tells. */
async function implementationNowMs(t: CheckContext): Promise<number> {
  const { createdAt } = await t.submit(t.parked());
  return Date.parse(createdAt);
}

/** What a `Retry-After` that is a date does to the pause. */
export const RETRY_AFTER_DATE_CHECKS: readonly Check[] = [
  {
    id: 'retry-after-date',
    title:
      'A `Retry-After` date such as `Sun, 06 Nov 1994 08:49:37 GMT` is counted from the `Date` of the answer.',
    covers: { 'RTY-022': '421f3c5d' },
    profile: 'core',
    run: (t) => requireFollowed(t, imfFixdate),
  },
  {
    id: 'retry-after-date-of-rfc-850',
    title: 'A `Retry-After` date such as `Sunday, 06-Nov-94 08:49:37 GMT` is understood.',
    covers: { 'RTY-022': '421f3c5d' },
    profile: 'core',
    run: (t) => requireFollowed(t, rfc850),
  },
  {
    id: 'retry-after-date-of-asctime',
    title: 'A `Retry-After` date such as `Sun Nov  6 08:49:37 1994` is understood.',
    covers: { 'RTY-022': '421f3c5d' },
    profile: 'core',
    run: (t) => requireFollowed(t, asctime),
  },
  {
    id: 'retry-after-date-without-a-date-in-the-answer',
    title:
      "A `Retry-After` date is counted from the scheduler's clock if the answer has no `Date` that can be read.",
    covers: { 'RTY-022': '421f3c5d' },
    profile: 'core',
    async run(t) {
      for (const date of [undefined, 'yesterday', '2026-11-06T08:49:37Z']) {
        for (const form of [imfFixdate, rfc850, asctime]) {
          const until = form(new Date((await implementationNowMs(t)) + ASKED_MS));
          const gotMs = await pauseAfterDate(t, until, date);
          const what = `Retry-After: ${until}, ${ASKED_MS} ms from now, with ${date === undefined ? 'no Date' : `Date: ${date}`}`;
          requirePause(t, 'RTY-022', what, gotMs, ASKED_MS - CLOCKS_MS, ASKED_MS + CLOCKS_MS);
        }
      }
    },
  },
  {
    id: 'retry-after-date-that-is-past-counts-as-nothing',
    title: 'A `Retry-After` date that is not after the `Date` of the answer leaves the pause as it is.',
    covers: { 'RTY-023': '2dd4826a' },
    profile: 'core',
    async run(t) {
      // Ahead of every clock: what is counted from a clock would be a long pause.
      const answered = new Date(Math.floor(Date.now() / 1000) * 1000 + 600_000);
      for (const beforeMs of [0, 60_000]) {
        const until = new Date(answered.getTime() - beforeMs).toUTCString();
        const gotMs = await pauseAfterDate(t, until, answered.toUTCString());
        requirePause(
          t,
          'RTY-023',
          `Retry-After: ${until} in an answer of Date: ${answered.toUTCString()}`,
          gotMs,
          LONG_MS,
        );
      }
    },
  },
];
