import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import { type Answer, hang } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { type Tried, tryOnce, tryOnceAt } from './try-once.ts';

/** How long an attempt may take. */
export const DEADLINE_CHECKS: readonly Check[] = [
  {
    id: 'attempt-ends-at-its-deadline',
    title:
      'An attempt that gets no answer ends with `timeout` when `timeoutMs` is over, and within a second of that.',
    covers: { 'DLV-030': '3ee778dd', 'DLV-032': 'bad17b22', 'ANS-009': '4a6aed8d' },
    profile: 'core',
    async run(t) {
      const timeoutMs = shortTimeoutMs(t);
      const { attempt } = await tryOnce(t, hang, { timeoutMs });
      requireTimeout(t, 'DLV-030', attempt);
      t.equal('ANS-009', 'the outcome', attempt.outcome, 'retryable');
      const tookMs = Date.parse(attempt.endedAt) - Date.parse(attempt.startedAt);
      t.pause('DLV-032', 'the time from the claim to the settle', tookMs, timeoutMs, timeoutMs + 1000);
    },
  },
  {
    id: 'answer-within-the-deadline-counts',
    title: 'An answer that takes most of `timeoutMs` still counts.',
    covers: { 'DLV-030': '3ee778dd' },
    profile: 'core',
    async run(t) {
      const timeoutMs = 4 * shortTimeoutMs(t);
      const { attempt } = await tryOnce(t, { status: 200, afterMs: timeoutMs / 4 }, { timeoutMs });
      t.equal('DLV-030', 'the outcome', attempt.outcome, 'completed');
    },
  },
  {
    id: 'trickling-headers-do-not-extend-the-deadline',
    title: 'An answer whose header section trickles in ends with `timeout`, whatever its status line says.',
    covers: { 'DLV-030': '3ee778dd', 'DLV-032': 'bad17b22' },
    profile: 'core',
    async run(t) {
      const answer = trickle('HTTP/1.1 200 OK\r\nX-Slow: ', () => 'x');
      const { attempt } = await tryOnce(t, answer, { timeoutMs: shortTimeoutMs(t, LEAST_TRICKLE_MS) });
      requireTimeout(t, 'DLV-030', attempt);
    },
  },
  {
    id: 'status-line-alone-is-no-answer',
    title:
      'A 2xx of which only the status line arrives does not complete the task: the attempt ends with `timeout`.',
    covers: { 'DLV-030': '3ee778dd' },
    profile: 'core',
    async run(t) {
      const answers = ['HTTP/1.1 200 OK\r\n', 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n'].map(
        (bytes): Answer =>
          (wire) =>
            wire.write(bytes),
      );
      const timeoutMs = shortTimeoutMs(t);
      const tried = await Promise.all(answers.map((answer) => tryOnce(t, answer, { timeoutMs })));
      for (const { attempt } of tried) requireTimeout(t, 'DLV-030', attempt);
    },
  },
  {
    id: 'interim-responses-do-not-extend-the-deadline',
    title: 'An attempt that gets interim responses only ends with `timeout`.',
    covers: { 'DLV-031': 'f6984c08', 'DLV-030': '3ee778dd' },
    profile: 'core',
    async run(t) {
      const answer = trickle('', () => 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
      const { attempt } = await tryOnce(t, answer, { timeoutMs: shortTimeoutMs(t, LEAST_TRICKLE_MS) });
      requireTimeout(t, 'DLV-031', attempt);
    },
  },
  {
    id: 'interim-responses-are-passed-over',
    title: 'The final response counts, not the interim responses before it.',
    covers: { 'DLV-030': '3ee778dd', 'ANS-001': '167268be' },
    profile: 'core',
    async run(t) {
      const answer: Answer = async (wire) => {
        await wire.write('HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n');
        await sleep(20);
        await wire.write('HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n');
      };
      const { attempt } = await tryOnce(t, answer);
      t.matches('ANS-001', 'the attempt', attempt, { outcome: 'completed', status: 202 });
    },
  },
  {
    id: 'deadline-covers-the-tls-handshake',
    title: 'An attempt whose target never answers the TLS handshake ends with `timeout`.',
    covers: { 'DLV-030': '3ee778dd' },
    profile: 'core',
    async run(t) {
      if (t.origins.isShared) t.lacks('all targets share one URL, so that none can speak another protocol');
      // A port without TLS takes the first message of the handshake for the beginning of a request.
      const receiver = await t.origins.listen();
      const url = `https://${t.origins.host}:${receiver.port}/${t.newId('handshake')}`;
      const { attempt } = await tryOnceAt(t, url, { timeoutMs: shortTimeoutMs(t) });
      requireTimeout(t, 'DLV-030', attempt);
    },
  },
];

const LEAST_TIMEOUT_MS = 500;
// Far longer than the gaps of a trickle from a busy machine, or a deadline that each part begins anew would be met.
const LEAST_TRICKLE_MS = 900;

/** Long enough for a delivery to arrive, short enough to wait for, and within the limits. */
function shortTimeoutMs(t: CheckContext, leastMs = LEAST_TIMEOUT_MS): number {
  const { minTimeoutMs, maxTimeoutMs } = t.discovery.limits;
  return Math.ceil(Math.min(maxTimeoutMs, Math.max(minTimeoutMs, leastMs, 4 * t.timing.latencyMs)));
}

function requireTimeout(t: CheckContext, requirement: string, { errorCode, status }: Tried['attempt']): void {
  t.equal(requirement, 'the end of the attempt', { errorCode, status }, { errorCode: 'timeout' });
}

/** Sends a beginning, and then a little every 50 ms until the connection is gone. */
function trickle(first: string, next: () => string): Answer {
  return async (wire) => {
    await wire.write(first);
    while (wire.socket.writable) {
      await wire.write(next());
      await sleep(50);
    }
  };
}
