import type { Check } from '../../check.ts';
import { type Answer, raw } from '../../receiver/delivery.ts';
import { casesOf, requireOutcome, someOf, tryOnce } from './try-once.ts';

const REJECTED = [400, 405, 410, 413, 414, 415, 422];
const OTHER_4XX = [401, 402, 403, 404, 406, 408, 409, 411, 416, 423, 425, 429, 431, 451];

/** What an answer means when the task's lists and the target's header say nothing. */
export const ANSWER_CHECKS: readonly Check[] = [
  {
    id: 'answers-of-2xx-complete',
    title: 'Every 2xx completes the task.',
    covers: { 'ANS-001': '167268be' },
    profile: 'core',
    run: (t) =>
      requireOutcome(
        t,
        'ANS-001',
        'completed',
        casesOf([200, 201, 202, 203, 205, 206, 299, ...someOf(t, 207, 299, 2)]),
      ),
  },
  {
    id: 'answer-204-completes',
    title: '204, which has no body and no length, completes the task.',
    covers: { 'ANS-001': '167268be' },
    profile: 'core',
    run: (t) => requireOutcome(t, 'ANS-001', 'completed', casesOf([204])),
  },
  {
    id: 'answers-of-2xx-complete-whatever-else-they-say',
    title: 'A 2xx completes the task whatever its headers and its body say.',
    covers: { 'ANS-001': '167268be' },
    profile: 'core',
    run: (t) => {
      const answer = (parts: object): { answer: Answer } => ({ answer: { status: 200, ...parts } });
      return requireOutcome(t, 'ANS-001', 'completed', {
        'a 200 with Dispatchr-Retry: no': answer({ headers: { 'Dispatchr-Retry': 'no' } }),
        'a 200 with Retry-After': answer({ headers: { 'Retry-After': '3600' } }),
        'a 200 with an error in its body': answer({ body: '{"status":500,"error":"failed"}' }),
        'a 200 with a media type for problems': answer({
          headers: { 'Content-Type': 'application/problem+json' },
          body: '{"status":422}',
        }),
        'a 200 with Location': answer({ headers: { Location: '/elsewhere' } }),
      });
    },
  },
  {
    id: 'answers-in-any-form-of-http-1-count',
    title:
      'A 200 of HTTP/1.0, without a reason, without any header or in parts of a byte completes the task.',
    covers: { 'ANS-001': '167268be' },
    profile: 'core',
    run: (t) =>
      requireOutcome(t, 'ANS-001', 'completed', {
        'HTTP/1.0': { answer: raw('HTTP/1.0 200 OK\r\n\r\ndone') },
        'no reason': { answer: raw('HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n') },
        'no header': { answer: raw('HTTP/1.1 200 OK\r\n\r\n') },
        chunks: { answer: raw('HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n') },
        'single bytes': {
          answer: async (wire) => {
            wire.socket.setNoDelay(true);
            for (const byte of 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n') await wire.write(byte);
          },
        },
      }),
  },
  {
    id: 'answers-of-a-wrong-request-reject',
    title: '400, 405, 410, 413, 414, 415 and 422 reject the task.',
    covers: { 'ANS-007': 'd0b0e0aa' },
    profile: 'core',
    run: (t) => requireOutcome(t, 'ANS-007', 'rejected', casesOf(REJECTED)),
  },
  {
    id: 'other-answers-of-4xx-are-retryable',
    title: 'Every other 4xx, 401, 403, 404, 408, 409 and 429 among them, is retryable.',
    covers: { 'ANS-008': '3be7ad65' },
    profile: 'core',
    run: (t) => requireOutcome(t, 'ANS-008', 'retryable', casesOf([...OTHER_4XX, ...someOf(t, 432, 499, 2)])),
  },
  {
    id: 'answers-of-5xx-are-retryable',
    title: 'Every 5xx is retryable.',
    covers: { 'ANS-008': '3be7ad65' },
    profile: 'core',
    run: (t) =>
      requireOutcome(
        t,
        'ANS-008',
        'retryable',
        casesOf([500, 501, 502, 503, 504, 507, 599, ...someOf(t, 505, 599, 2)]),
      ),
  },
  {
    id: 'answers-of-3xx-are-retryable',
    title: 'Every 3xx is retryable, 304 without a body among them.',
    covers: { 'ANS-008': '3be7ad65' },
    profile: 'core',
    run: (t) =>
      requireOutcome(
        t,
        'ANS-008',
        'retryable',
        casesOf([300, 301, 302, 303, 304, 307, 308, ...someOf(t, 309, 399, 2)]),
      ),
  },
  {
    id: 'answers-beyond-599-are-retryable',
    title: 'An answer of 600 or above, of no class that means anything, is retryable.',
    covers: { 'ANS-008': '3be7ad65' },
    profile: 'core',
    run: (t) => requireOutcome(t, 'ANS-008', 'retryable', casesOf([600, 799, 999])),
  },
  {
    id: 'leftover-bytes-are-no-answer',
    title: 'Bytes that follow an answer are not taken for the answer to the next delivery.',
    covers: { 'ANS-001': '167268be' },
    profile: 'core',
    async run(t) {
      const ok = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';
      const smuggled = raw(`${ok}HTTP/1.1 422 Smuggled\r\nContent-Length: 0\r\n\r\n`, { keep: true });
      for (const answer of [smuggled, 200, smuggled, 200]) {
        const { attempt } = await tryOnce(t, answer);
        t.matches('ANS-001', 'the attempt', attempt, { outcome: 'completed', status: 200 });
      }
    },
  },
  {
    id: 'rejected-task-is-not-tried-again',
    title: 'A task whose answer rejects it is failed, and not tried again.',
    covers: { 'ANS-007': 'd0b0e0aa' },
    profile: 'core',
    async run(t) {
      const target = await t.target(422, 200);
      const { id } = await t.submit(t.taskFor(target, { retry: t.retry() }));
      const task = await t.untilTerminal(id);
      t.matches('ANS-007', 'the task', task, { state: 'failed', reason: 'rejected' });
      await t.quiet();
      t.equal('ANS-007', 'number of deliveries', target.deliveries.length, 1);
    },
  },
];
