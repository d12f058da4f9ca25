import type { Check } from '../../check.ts';
import type { CheckContext } from '../../run/check-context.ts';

const JSON_TYPE = { 'Content-Type': 'application/json' };
// A bound of an implementation's own may be longer; nothing is judged then.
const LONGEST_WAIT_MS = 12_000;

async function endsSlowSender(t: CheckContext, bytes: string): Promise<void> {
  const timeoutMs = Math.min(LONGEST_WAIT_MS, 2.5 * t.timing.patienceMs);
  const { responses, isClosed } = await t.api.raw(bytes, { timeoutMs });
  const [response] = responses;
  if (response !== undefined) {
    t.equal(
      'JSN-022',
      'a request that does not arrive is answered with 408, or not at all',
      response.status,
      408,
    );
  } else if (!isClosed) {
    t.skip(`its bound is longer than ${timeoutMs} ms: nothing came, and the connection was left open`);
  }
}

/** Requests that cannot be read to their end, and what comes after them. */
export const JSON_CONNECTION_CHECKS: readonly Check[] = [
  {
    id: 'a-slow-header-section-is-ended',
    title: 'A request whose header section does not arrive is ended with 408 or by closing the connection.',
    covers: { 'JSN-022': '0736ff4f' },
    profile: 'recorder',
    run: (t) => endsSlowSender(t, t.api.head('GET', '/livez').slice(0, -2)),
  },
  {
    id: 'a-slow-body-is-ended',
    title: 'A request whose body does not arrive is ended with 408 or by closing the connection.',
    covers: { 'JSN-022': '0736ff4f' },
    profile: 'recorder',
    run: (t) =>
      endsSlowSender(
        t,
        `${t.api.head('POST', '/v1/tasks', { ...JSON_TYPE, 'Content-Length': 100 })}{"target"`,
      ),
  },
  {
    id: 'a-refused-request-breaks-nothing',
    title:
      'After bytes that are no HTTP, a request that is broken off and bodies that are refused, others are served.',
    covers: { 'JSN-023': 'edbe43c3' },
    profile: 'recorder',
    // What breaks an implementation must not be blamed on the checks that run beside.
    runs: 'alone',
    async run(t) {
      const head: typeof t.api.head = (...request) => t.api.head(...request);
      const task = JSON.stringify(t.parked());
      const whole = { ...JSON_TYPE, 'Content-Length': task.length };
      const hangUp = { timeoutMs: 2000, hangUp: true };
      const refused: readonly (() => Promise<unknown>)[] = [
        () => t.api.raw('\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n\r\n', { timeoutMs: 2000 }),
        () => t.api.raw('NOT HTTP AT ALL\r\n\r\n', { timeoutMs: 2000 }),
        () => t.api.raw(head('GET', '/v1/tasks', { 'Content-Length': 'many' }), { timeoutMs: 2000 }),
        () => t.api.raw(head('GET', '/livez', { 'X-Long': 'x'.repeat(200_000) }), { timeoutMs: 2000 }),
        () => t.api.raw(head('POST', '/v1/tasks', whole) + task.slice(0, 20), hangUp),
        () =>
          t.api.raw(
            `${head('POST', '/v1/tasks', { ...JSON_TYPE, 'Transfer-Encoding': 'chunked' })}5\r\n{"a`,
            hangUp,
          ),
        () => t.api.raw(head('GET', '/v1/tasks').slice(0, 30), hangUp),
        () => t.api.submit('{'.repeat(10_000)),
        () => t.api.submit(Buffer.alloc(1000, 0xff)),
        () => t.api.request('GET', `/v1/tasks/${'x'.repeat(4000)}`),
      ];
      for (const each of refused) {
        await each();
        t.status('JSN-023', await t.api.list({ queue: t.queue }), 200);
      }
      t.equal(
        'JSN-023',
        'nothing of them was recorded',
        (await t.api.list({ queue: t.queue })).json?.tasks,
        [],
      );
    },
  },
  {
    id: 'the-body-of-a-refused-request-is-no-request',
    title: 'After a refusal the bytes of the refused body are not read as a request of their own.',
    covers: { 'JSN-023': 'edbe43c3' },
    profile: 'recorder',
    async run(t) {
      const { taskName } = t.parked();
      const inner = t.api.head('GET', `/v1/tasks?taskName=${taskName}`);
      const next = t.api.head('GET', '/.well-known/dispatchr');
      const types = ['text/plain', 'application/json'];
      for (const type of types) {
        const outer = t.api.head('POST', '/v1/tasks', {
          'Content-Type': type,
          'Content-Length': inner.length,
        });
        const { responses } = await t.api.raw(outer + inner + next, {
          responses: 2,
          timeoutMs: t.timing.patienceMs,
        });
        const [refusal, answer] = responses;
        t.ok('JSN-023', `the body of ${type} is refused`, (refusal?.status ?? 0) >= 400, refusal?.status);
        // A recorder may close the connection with a refusal; then nothing more is read.
        if (answer !== undefined)
          t.ok(
            'JSN-023',
            'the next answer is that of the next request',
            answer.text.includes('specVersions'),
            answer.text,
          );
      }
    },
  },
];
