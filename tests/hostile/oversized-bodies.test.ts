import { once } from 'node:events';
import { connect } from 'node:net';
import { createTestDatabase, startServiceProcess, type TestDatabase } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHealthyTraffic } from './healthy-traffic.ts';
import { inMegabytes, peakResidentBytes } from './process-figures.ts';

/** How many senders there are at the same time, and what each sends whatever it is told. */
const SENDERS = 25;
const BODY_BYTES = 20_000_000;

/** How much more memory the recorder may ever have had than before: a fifth of what it was sent. */
const MAX_COST_BYTES = 100_000_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test(
  'half a gigabyte in oversized bodies costs a recorder at most 100 MB',
  { timeout: 120_000 },
  async () => {
    const service = await startServiceProcess(['serve', '--port', '0'], { DATABASE_URL: database.url });
    const healthy = await startHealthyTraffic(service.url);
    // A heap that is in use already: the growth of a fresh one would be counted otherwise.
    await Promise.all(Array.from({ length: SENDERS }, () => sendBody(service.url, 900_000)));
    const before = await peakResidentBytes(service.pid);
    const answers = await Promise.all(
      Array.from({ length: SENDERS }, () => sendBody(service.url, BODY_BYTES)),
    );
    const after = await peakResidentBytes(service.pid);
    await healthy.stop();
    console.log(
      `${SENDERS} bodies of ${inMegabytes(BODY_BYTES)} at once: peak memory of the service ` +
        `${inMegabytes(after)}, before them ${inMegabytes(before)}`,
    );
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 413 [^]*"limitBytes":1048576/);
    expect(after - before).toBeLessThanOrEqual(MAX_COST_BYTES);
    expect(healthy.completed).not.toEqual([]);
    await service.end('SIGKILL');
  },
);

/** Sends a body of blanks to the end, and answers with what came back until the connection closed. */
async function sendBody(url: string, bytes: number): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  let answer = '';
  socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
  socket.on('error', () => undefined);
  const head = `POST /v1/tasks HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nConnection: close\r\n`;
  socket.write(`${head}Content-Length: ${bytes}\r\n\r\n`);
  for (let sent = 0; sent < bytes && !socket.destroyed; sent += BLANKS.length) {
    const isRead = socket.write(BLANKS.subarray(0, Math.min(BLANKS.length, bytes - sent)));
    if (!isRead) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  }
  if (!socket.closed) await once(socket, 'close');
  return answer;
}

const BLANKS = Buffer.alloc(100_000, ' ');
