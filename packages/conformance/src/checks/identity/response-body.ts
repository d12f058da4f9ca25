import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { Answer } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';

const LEAST_BYTES = 1024;
const MOST_BYTES = 4096;

/** Delivers a task to a target that answers once, terminally, and answers its only attempt. */
async function attemptAt(
  t: CheckContext,
  answer: Answer,
  members: object = {},
): Promise<Record<string, unknown>> {
  const { id } = await t.submit(t.taskFor(await t.target(answer), members));
  await t.untilTerminal(id);
  const attempts = await t.attempts(id);
  t.equal('REC-063', 'the number of attempts', attempts.length, 1);
  return attempts[0];
}

/** A 422 whose body the function sends by hand; the header section is on its way before it is called. */
function by(
  framing: string,
  send: (write: (bytes: string) => Promise<void>, end: () => void) => Promise<void>,
): Answer {
  return async (wire) => {
    await wire.write(`HTTP/1.1 422 Answer\r\n${framing}\r\n\r\n`);
    await send(
      (bytes) => wire.write(bytes),
      () => wire.end(),
    );
  };
}

/** Requires the beginning of a long text: at least 1,024 and at most 4,096 bytes of it. */
function judgeBeginning(t: CheckContext, shown: unknown, whole: string): void {
  const text = typeof shown === 'string' ? shown : '';
  const bytes = Buffer.byteLength(text);
  t.ok('REC-063', 'responseBody is the beginning of the body', whole.startsWith(text), text);
  t.ok('REC-063', `responseBody has at least ${LEAST_BYTES} bytes`, bytes >= LEAST_BYTES, `${bytes} bytes`);
  t.ok('REC-063', `responseBody has at most ${MOST_BYTES} bytes`, bytes <= MOST_BYTES, `${bytes} bytes`);
}

/** Answers that must show their body, one way of sending it each. */
function shows(id: string, title: string, answer: () => Answer, expected: string): Check {
  return {
    id,
    title,
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      // The body that never ends may hold the attempt to its deadline.
      const { minTimeoutMs } = t.discovery.limits;
      if (minTimeoutMs > 5000) t.skip(`limits.minTimeoutMs is ${minTimeoutMs}: it would take too long`);
      const { responseBody } = await attemptAt(t, answer(), { timeoutMs: Math.max(3000, minTimeoutMs) });
      t.equal('REC-063', 'responseBody', responseBody, expected);
    },
  };
}

/** What an attempt shows of the body that the target answered. */
export const RESPONSE_BODY_CHECKS: readonly Check[] = [
  {
    id: 'response-body-is-shown-for-every-status',
    title: 'An attempt with a status outside of 2xx shows the body of the answer.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const judge = async (status: number): Promise<void> => {
        const body = `order ${status} is locked: \u00e9\u{1f600}`;
        const { responseBody } = await attemptAt(t, { status, body }, { retry: t.retry({ maxAttempts: 1 }) });
        t.equal('REC-063', `responseBody of an answer ${status}`, responseBody, body);
      };
      await Promise.all([302, 404, 422, 429, 500].map(judge));
    },
  },
  {
    id: 'response-body-is-cut-when-it-is-long',
    title: 'An attempt shows at least 1,024 and at most 4,096 bytes of a long body.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const body = Array.from({ length: 3000 }, (_, line) => `${line}\n`).join('');
      judgeBeginning(t, (await attemptAt(t, { status: 422, body }))['responseBody'], body);
    },
  },
  {
    id: 'response-body-is-cut-between-characters',
    title: 'A long body of characters of several bytes is counted in bytes, and no character is cut.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      // No power of two is a multiple of three: whoever cuts at one cuts a character.
      const body = '€'.repeat(5000);
      judgeBeginning(t, (await attemptAt(t, { status: 422, body }))['responseBody'], body);
    },
  },
  {
    id: 'response-body-is-counted-after-repair',
    title: 'A long body of bytes that are no UTF-8 is counted after they were replaced.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const body = Buffer.from('\u00ff.'.repeat(4000), 'latin1');
      const { responseBody } = await attemptAt(t, { status: 422, body });
      judgeBeginning(t, responseBody, '\ufffd.'.repeat(4000));
    },
  },
  {
    id: 'response-body-is-repaired',
    title: 'Bytes of a body that are no UTF-8, and U+0000, are shown as U+FFFD.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const body = Buffer.from('a\u00ffb\u0000c\u00fe', 'latin1');
      const { responseBody } = await attemptAt(t, { status: 422, body });
      t.equal('REC-063', 'responseBody', responseBody, 'a\ufffdb\ufffdc\ufffd');
    },
  },
  {
    id: 'response-body-is-absent-without-a-body',
    title: 'An attempt whose answer had no body shows no `responseBody`.',
    covers: { 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const attempt = await attemptAt(t, { status: 422 });
      t.ok('REC-063', 'there is no responseBody', !('responseBody' in attempt), attempt['responseBody']);
    },
  },
  {
    id: 'response-body-of-a-completed-attempt-is-not-shown',
    title: 'An attempt with the outcome `completed` shows no `responseBody`.',
    covers: { 'REC-064': '948a5092', 'REC-063': '76419094' },
    profile: 'core',
    async run(t) {
      const attempt = await attemptAt(t, { status: 201, body: 'made' });
      t.equal('REC-064', 'the outcome', attempt['outcome'], 'completed');
      t.ok('REC-064', 'there is no responseBody', !('responseBody' in attempt), attempt['responseBody']);
    },
  },
  shows(
    'response-body-is-read-from-chunks',
    'A body that is sent in chunks is shown without their framing.',
    () => by('Transfer-Encoding: chunked', (write) => write('3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n')),
    'abcde',
  ),
  shows(
    'response-body-that-comes-in-parts-is-shown-whole',
    'A body whose parts arrive within a second of the header section is shown whole.',
    () =>
      by('Content-Length: 10', async (write) => {
        await sleep(50);
        await write('first');
        await sleep(100);
        await write('-last');
      }),
    'first-last',
  ),
  shows(
    'response-body-that-never-ends-is-shown-so-far',
    'What came of a body that then stops is shown, and the status decides.',
    () => by('Content-Length: 1000', (write) => write('so far')),
    'so far',
  ),
  shows(
    'response-body-that-breaks-off-is-shown-so-far',
    'What came of a body whose connection is then closed is shown, and the status decides.',
    () =>
      by('Content-Length: 1000', async (write, end) => {
        await write('so far');
        await sleep(50);
        end();
      }),
    'so far',
  ),
];
