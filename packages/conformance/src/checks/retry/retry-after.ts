import type { Answer } from '../../receiver/delivery.ts';
import type { Check } from '../../check.ts';
import { LONG_MS, PUNCTUAL_MS, longRetry, pauseAfterAnswer, requirePause } from './observed-pause.ts';

const ASKED_S = 40;
const ASKED_MS = ASKED_S * 1000;

const asking = (retryAfter: string | number, status = 500): Answer => ({
  status,
  headers: { 'Retry-After': String(retryAfter) },
});

// 429 and 503 may hold back other tasks (RTY-029), so each comes when the others of its origin are through.
const RETRYABLE = [302, 404, 500, 429, 503];

// Each would be a longer pause, an earlier try or an error to who reads it as a number or a date of another kind.
const MALFORMED = [
  '-5',
  '-500',
  '1.5',
  '100.5',
  '1e3',
  '',
  '+100',
  '100 s',
  '0x64',
  'soon',
  '2099-11-06T08:49:37Z',
  'Fri, 06 Nov 2099 08:49:37 PST',
  '06 Nov 2099',
  '4097652577 GMT',
];

/** What a `Retry-After` in seconds, or in no form at all, does to the pause. */
export const RETRY_AFTER_CHECKS: readonly Check[] = [
  {
    id: 'retry-after-seconds-lengthen-the-pause',
    title: 'A `Retry-After` in seconds that is longer than the pause takes its place.',
    covers: { 'RTY-021': '80916f65', 'RTY-003': '8bf95d60' },
    profile: 'core',
    async run(t) {
      const gotMs = await pauseAfterAnswer(t, asking(ASKED_S), longRetry(t));
      requirePause(
        t,
        'RTY-021',
        `Retry-After: ${ASKED_S}, with a bare pause of ${LONG_MS} ms`,
        gotMs,
        ASKED_MS,
      );
    },
  },
  {
    id: 'retry-after-on-every-retryable-answer',
    title: 'A `Retry-After` is followed on every answer that is tried again, 3xx, 4xx and 5xx alike.',
    covers: { 'RTY-020': 'd39aadd2' },
    profile: 'core',
    async run(t) {
      for (const status of RETRYABLE) {
        const gotMs = await pauseAfterAnswer(t, asking(ASKED_S, status), longRetry(t));
        requirePause(t, 'RTY-020', `${status} with Retry-After: ${ASKED_S}`, gotMs, ASKED_MS);
      }
    },
  },
  {
    id: 'retry-after-does-not-shorten-the-pause',
    title: 'A `Retry-After` that is shorter than the pause leaves the pause as it is.',
    covers: { 'RTY-003': '8bf95d60' },
    profile: 'core',
    async run(t) {
      for (const seconds of [0, 1, LONG_MS / 1000 - 3]) {
        const gotMs = await pauseAfterAnswer(t, asking(seconds), longRetry(t));
        requirePause(
          t,
          'RTY-003',
          `Retry-After: ${seconds}, with a bare pause of ${LONG_MS} ms`,
          gotMs,
          LONG_MS,
        );
      }
    },
  },
  {
    id: 'retry-after-is-lengthened-by-jitter',
    title: 'The pause that `Retry-After` asks for is lengthened by the jitter, and not shortened.',
    covers: { 'RTY-003': '8bf95d60' },
    profile: 'core',
    async run(t) {
      const pauses = Array.from({ length: 4 }, () =>
        pauseAfterAnswer(t, asking(ASKED_S), longRetry(t, { jitter: 1 })),
      );
      for (const gotMs of await Promise.all(pauses)) {
        requirePause(
          t,
          'RTY-003',
          `Retry-After: ${ASKED_S}, with a jitter of 1`,
          gotMs,
          ASKED_MS,
          2 * ASKED_MS,
        );
      }
    },
  },
  {
    id: 'no-try-before-retry-after-is-over',
    title: 'The next delivery does not arrive before what `Retry-After` asks for is over.',
    covers: { 'RTY-026': 'fc034c44' },
    profile: 'core',
    async run(t) {
      const target = await t.target(asking(2), 200);
      await t.submit(t.taskFor(target, { retry: t.retry() }));
      const first = await t.delivery(target);
      const leastMs = Math.max(2000, t.timing.backoffMs);
      const second = await t.delivery(target, 2, leastMs + t.timing.patienceMs);
      const gotMs = second.arrivedAtMs - first.arrivedAtMs;
      t.pause('RTY-026', 'from the answer to the next try', gotMs, leastMs, leastMs + PUNCTUAL_MS);
    },
  },
  {
    id: 'malformed-retry-after-is-ignored',
    title: 'A `Retry-After` that is neither decimal digits nor an HTTP date is ignored.',
    covers: { 'RTY-024': '66151137' },
    profile: 'core',
    async run(t) {
      for (const text of MALFORMED) {
        const gotMs = await pauseAfterAnswer(t, asking(text), longRetry(t));
        requirePause(t, 'RTY-024', `Retry-After: ${JSON.stringify(text)}`, gotMs, LONG_MS);
      }
    },
  },
  {
    id: 'retry-after-is-capped',
    title: 'A `Retry-After` is followed for `limits.retryAfterMaxMs` at most, in seconds as in a date.',
    covers: { 'RTY-025': '05af5be9' },
    profile: 'core',
    async run(t) {
      const { retryAfterMaxMs } = t.discovery.limits;
      const atTheLimit = Math.floor(retryAfterMaxMs / 1000);
      const followed = await pauseAfterAnswer(t, asking(atTheLimit), longRetry(t));
      requirePause(
        t,
        'RTY-025',
        `Retry-After: ${atTheLimit}, which the limit allows`,
        followed,
        atTheLimit * 1000,
      );
      const inThreeYears = new Date(Date.now() + 94_608_000_000).toUTCString();
      for (const text of [String(atTheLimit + 600), '31536000', inThreeYears]) {
        const gotMs = await pauseAfterAnswer(t, asking(text), longRetry(t));
        requirePause(
          t,
          'RTY-025',
          `Retry-After: ${text}, with limits.retryAfterMaxMs ${retryAfterMaxMs}`,
          gotMs,
          retryAfterMaxMs,
        );
      }
    },
  },
  {
    id: 'enormous-retry-after-is-capped',
    title: 'A `Retry-After` of more digits than any integer has counts as `limits.retryAfterMaxMs`.',
    covers: { 'RTY-025': '05af5be9' },
    profile: 'core',
    async run(t) {
      const { retryAfterMaxMs } = t.discovery.limits;
      for (const digits of [10, 16, 19, 20, 40, 400]) {
        const gotMs = await pauseAfterAnswer(t, asking('9'.repeat(digits)), longRetry(t));
        requirePause(t, 'RTY-025', `a Retry-After of ${digits} digits`, gotMs, retryAfterMaxMs);
      }
    },
  },
  {
    id: 'retry-after-on-a-final-answer-is-ignored',
    title: 'A `Retry-After` on an answer that ends the task neither delays its end nor holds anything back.',
    covers: { 'RTY-027': '77f72549' },
    profile: 'core',
    async run(t) {
      const expected = { 200: { state: 'completed' }, 422: { state: 'failed', reason: 'rejected' } };
      for (const [status, end] of Object.entries(expected)) {
        const target = await t.target(asking(3600, Number(status)));
        for (const which of ['first', 'second']) {
          const { id } = await t.submit(t.taskFor(target, { retry: longRetry(t) }));
          const task = await t.untilTerminal(id);
          const what = `the ${which} task for a target that answers ${status} with Retry-After: 3600`;
          t.matches('RTY-027', what, task, { ...end, attempt: 1, attemptsUsed: 0 });
        }
      }
    },
  },
];
