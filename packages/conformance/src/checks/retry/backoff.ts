import type { Check } from '../../check.ts';
import {
  LONG_MS,
  PUNCTUAL_MS,
  longRetry,
  pauseAfter,
  pauseAfterAnswer,
  pausesOf,
  requirePause,
  settled,
} from './observed-pause.ts';

const SAMPLES = 8;

/** How long the pauses between tries are. */
export const RETRY_BACKOFF_CHECKS: readonly Check[] = [
  {
    id: 'backoff-grows',
    title: 'Each pause is the one before times the multiplier.',
    covers: { 'RTY-002': 'c9bddcb9' },
    profile: 'core',
    async run(t) {
      const pauses = await pausesOf(t, longRetry(t, { multiplier: 2.5, maxBackoffMs: 3_600_000 }), 4);
      for (const [index, gotMs] of pauses.entries()) {
        requirePause(t, 'RTY-002', `after attempt ${index + 1}`, gotMs, LONG_MS * 2.5 ** index);
      }
    },
  },
  {
    id: 'backoff-is-capped',
    title: 'No pause is longer than `maxBackoffMs`.',
    covers: { 'RTY-002': 'c9bddcb9' },
    profile: 'core',
    async run(t) {
      const maxBackoffMs = 2.5 * LONG_MS;
      const pauses = await pausesOf(t, longRetry(t, { multiplier: 10, maxBackoffMs }), 3);
      for (const [index, gotMs] of pauses.entries()) {
        requirePause(t, 'RTY-002', `after attempt ${index + 1}`, gotMs, index === 0 ? LONG_MS : maxBackoffMs);
      }
    },
  },
  {
    id: 'backoff-starts-anew-after-the-operators-retry',
    title: 'The pauses begin anew with `minBackoffMs` after a retry of the operator.',
    covers: { 'RTY-002': 'c9bddcb9' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { maxAttempts: 2, multiplier: 10, maxBackoffMs: 3_600_000 });
      const { id } = await t.submit(t.taskFor(await t.target(500), { retry }));
      await pauseAfter(t, id, 1);
      t.status('RTY-002', await t.api.operate(id, 'run'), 200);
      await settled(t, id, 2);
      t.status('RTY-002', await t.api.operate(id, 'retry'), 200);
      const gotMs = await pauseAfter(t, id, 3);
      requirePause(t, 'RTY-002', 'after the first attempt since the retry', gotMs, LONG_MS);
    },
  },
  {
    id: 'pause-is-over-before-the-next-try',
    title: 'The next delivery arrives when the pause is over, and not before.',
    covers: { 'RTY-004': '8faa62d2' },
    profile: 'core',
    async run(t) {
      // A second: what comes without any pause must look early on a busy machine, too.
      const pauseMs = Math.max(t.timing.backoffMs, 1000);
      const target = await t.target(500, 500, 200);
      await t.submit(t.taskFor(target, { retry: t.retry({ minBackoffMs: pauseMs, maxBackoffMs: pauseMs }) }));
      for (const number of [1, 2]) {
        const before = await t.delivery(target, number);
        const after = await t.delivery(target, number + 1, pauseMs + t.timing.patienceMs);
        const gotMs = after.arrivedAtMs - before.arrivedAtMs;
        t.pause('RTY-004', `from try ${number} to the next`, gotMs, pauseMs, pauseMs + PUNCTUAL_MS);
      }
    },
  },
  {
    id: 'pause-is-counted-from-the-settle',
    title: 'The pause is counted from the end of the attempt, not from its beginning.',
    covers: { 'RTY-004': '8faa62d2' },
    profile: 'core',
    async run(t) {
      const gotMs = await pauseAfterAnswer(t, { status: 500, afterMs: 700 }, longRetry(t));
      requirePause(t, 'RTY-004', 'after an attempt that took 0.7 s', gotMs, LONG_MS);
    },
  },
  {
    id: 'jitter-lengthens-within-its-bound',
    title: 'A pause with jitter is never shorter than the bare pause, nor longer than it times 1 + `jitter`.',
    covers: { 'RTY-003': '8bf95d60' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { minBackoffMs: 60_000, maxBackoffMs: 60_000, jitter: 0.5 });
      const pauses = await Promise.all(
        Array.from({ length: SAMPLES }, () => pauseAfterAnswer(t, 500, retry)),
      );
      for (const gotMs of pauses) {
        requirePause(t, 'RTY-003', 'with a jitter of 0.5 on 60000 ms', gotMs, 60_000, 90_000);
      }
    },
  },
  {
    id: 'jitter-is-drawn-anew',
    title: 'The pauses of several tasks are spread over the range of their jitter.',
    covers: { 'RTY-005': 'b5c08838' },
    profile: 'core',
    async run(t) {
      const retry = longRetry(t, { minBackoffMs: 60_000, maxBackoffMs: 60_000, jitter: 1 });
      const pauses = await Promise.all(
        Array.from({ length: SAMPLES }, () => pauseAfterAnswer(t, 500, retry)),
      );
      // By chance alone eight draws lie in a tenth of their range once in a million runs.
      const isSpread = Math.max(...pauses) - Math.min(...pauses) > 6000;
      const what = 'pauses with a jitter of 1 on 60000 ms differ by more than a tenth of it';
      t.ok('RTY-005', what, isSpread, pauses);
    },
  },
  {
    id: 'pause-is-rounded-up',
    title: 'A pause that is no whole number of milliseconds is rounded up.',
    covers: { 'RTY-010': '5dd04253' },
    profile: 'core',
    async run(t) {
      // Half a millisecond too many: 15001.5. What is between two readings of one clock only adds to it.
      const retry = longRetry(t, { minBackoffMs: LONG_MS + 1, multiplier: 1.5, maxBackoffMs: 60_000 });
      const pauses = await Promise.all(Array.from({ length: 3 }, () => pausesOf(t, retry, 2)));
      const seconds = pauses.map(([, second = 0]) => second);
      const what = 'the longest of three pauses of 15001.5 ms, from endedAt to dueAt, is at least 15002 ms';
      t.ok('RTY-010', what, Math.max(...seconds) >= 15_002, seconds);
    },
  },
];
