import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Check } from '../../check.ts';
import { type Answer, type Delivery, raw, type Wire } from '../../receiver/delivery.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { tryOnce } from './try-once.ts';

const KIB = 1024;
const SECTION_BYTES = 8 * KIB;
// Far more than 16 KiB, and at 1 KiB every 4 ms half a second after it: time enough to close a connection.
const CLOSED_WITHIN_BYTES = 144 * KIB;
// A peer that neither reads nor closes is not waited for longer than about 10 seconds.
const LONGEST_TURNS = 500;

/** How much of an answer is read, and how little of it is needed. */
export const ANSWER_SIZE_CHECKS: readonly Check[] = [
  {
    id: 'completed-before-the-body-ends',
    title: 'A 2xx whose body never ends completes the task, before the deadline.',
    covers: { 'DLV-033': 'eea33df4', 'ANS-001': '167268be' },
    profile: 'core',
    async run(t) {
      const answers: Answer[] = [
        raw('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n', { keep: true }),
        raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n', { keep: true }),
        raw('HTTP/1.1 200 OK\r\n\r\nbegin', { keep: true }),
      ];
      await Promise.all(answers.map((answer) => requireCompleted(t, 'DLV-033', answer)));
    },
  },
  {
    id: 'completed-whatever-the-body-does',
    title: 'A 2xx completes the task although its body is cut off, reset or framed wrongly.',
    covers: { 'DLV-033': 'eea33df4' },
    profile: 'core',
    async run(t) {
      const answers: Answer[] = [
        raw('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin'),
        thenReset('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nbegin'),
        thenReset('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegin\r\n'),
        raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n'),
        raw('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nmore than two'),
      ];
      await Promise.all(answers.map((answer) => requireCompleted(t, 'DLV-033', answer)));
    },
  },
  {
    id: 'body-is-read-up-to-16-kib',
    title: 'The connection is closed instead of more than 16 KiB of a body being read, whatever the status.',
    covers: { 'DLV-034': 'dcacac61' },
    profile: 'core',
    async run(t) {
      await Promise.all(
        [200, 500].map(async (status) => {
          let sent = 0;
          const { target } = await tryOnce(t, async (wire) => {
            await wire.write(`HTTP/1.1 ${status} Answer\r\nContent-Length: 1000000000\r\n\r\n`);
            for (; wire.socket.writable && sent <= CLOSED_WITHIN_BYTES; sent += KIB) await sendKib(wire);
          });
          const isClosed = await isGone(await t.delivery(target), () => sent > CLOSED_WITHIN_BYTES);
          const what = `the connection is closed before much of the body of the ${status} is read`;
          t.ok('DLV-034', what, isClosed, `open after ${sent / KIB} KiB that were sent slowly`);
        }),
      );
    },
  },
  {
    id: 'body-is-not-decompressed',
    title: 'A body with `Content-Encoding: gzip` is kept as it came, and a broken one does no harm.',
    covers: { 'DLV-035': '4140e863', 'ANS-001': '167268be' },
    profile: 'core',
    async run(t) {
      const headers = { 'Content-Encoding': 'gzip' };
      const body = gzipSync('decompressed '.repeat(50));
      const { attempt } = await tryOnce(t, { status: 500, headers, body });
      const kept = String(attempt.responseBody);
      t.ok(
        'DLV-035',
        'the body is not decompressed',
        kept.startsWith('\u001f') && !kept.includes('decompressed'),
        kept,
      );
      const broken = await tryOnce(t, { status: 200, headers, body: 'no gzip' });
      t.equal('ANS-001', 'the outcome', broken.attempt.outcome, 'completed');
    },
  },
  {
    id: 'header-section-of-8-kib-is-accepted',
    title: 'An answer whose header section has 8 KiB in one field is accepted.',
    covers: { 'DLV-036': '9128a12d' },
    profile: 'core',
    async run(t) {
      await requireCompleted(t, 'DLV-036', raw(sectionOf('HTTP/1.1 200 OK', SECTION_BYTES), { keep: true }));
    },
  },
  {
    id: 'header-section-of-many-fields-is-accepted',
    title: 'An answer whose header section has 8 KiB in hundreds of fields is accepted.',
    covers: { 'DLV-036': '9128a12d' },
    profile: 'core',
    async run(t) {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n';
      const field = 'X-Field: value\r\n';
      const count = Math.floor((SECTION_BYTES - head.length - 2) / field.length);
      await requireCompleted(t, 'DLV-036', raw(`${head}${field.repeat(count)}\r\n`, { keep: true }));
    },
  },
  {
    id: 'interim-header-sections-are-counted-apart',
    title: 'Interim responses of 6 KiB each leave the final one its own 8 KiB.',
    covers: { 'DLV-047': 'b56e503f' },
    profile: 'core',
    async run(t) {
      const interim = sectionOf('HTTP/1.1 103 Early Hints', 6 * KIB, '');
      const answer = raw(`${interim}${interim}${sectionOf('HTTP/1.1 200 OK', 6 * KIB)}`, { keep: true });
      await requireCompleted(t, 'DLV-047', answer);
    },
  },
];

async function requireCompleted(t: CheckContext, requirement: string, answer: Answer): Promise<void> {
  // A deadline beyond the patience: who waits for the whole answer is seen waiting.
  const timeoutMs = Math.min(t.discovery.limits.maxTimeoutMs, Math.ceil(4 * t.timing.patienceMs));
  const { attempt } = await tryOnce(t, answer, { timeoutMs });
  t.matches(requirement, 'the attempt', attempt, { outcome: 'completed', status: 200 });
}

/** True if the connection of a delivery goes before `isTooLate` says so. */
async function isGone({ closed }: Delivery, isTooLate: () => boolean): Promise<boolean> {
  let isClosed = false;
  void closed.then(() => (isClosed = true));
  for (let turn = 0; !isClosed && !isTooLate() && turn < LONGEST_TURNS; turn += 1) await sleep(20);
  return isClosed;
}

async function sendKib(wire: Wire): Promise<void> {
  await wire.write('x'.repeat(KIB));
  await sleep(4);
}

function thenReset(bytes: string): Answer {
  return async (wire) => {
    await wire.write(bytes);
    // A reset may overtake what was sent before it.
    await sleep(100);
    wire.reset();
  };
}

/** A header section of exactly so many bytes, status line and empty line included. */
function sectionOf(statusLine: string, bytes: number, fields = 'Content-Length: 0\r\n'): string {
  const head = `${statusLine}\r\n${fields}X-Filler: `;
  return `${head}${'f'.repeat(bytes - head.length - 4)}\r\n\r\n`;
}
