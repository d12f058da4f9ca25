import {
  createApiClient,
  createTestDatabase,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHealthyTraffic } from './healthy-traffic.ts';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { inMegabytes, peakResidentBytes } from './process-figures.ts';
import { type Behaviour, pour, response } from './socket-behaviours.ts';

/** How many targets answer at the same time, each on a port of its own. */
const TARGETS = 200;

/** How much more memory the scheduler may ever have had than one whose targets answered with two bytes. */
const MAX_COST_BYTES = 50_000_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const HEAD = 'transfer-encoding: chunked\r\n\r\n';
const CHUNK = `10000\r\n${'y'.repeat(65_536)}\r\n`;

/** Three ways to have no end: of a success, of a failure, and of one that only its connection could end. */
const BEGINNINGS = [`HTTP/1.1 200 OK\r\n${HEAD}`, `HTTP/1.1 500 No\r\n${HEAD}`, 'HTTP/1.1 500 No\r\n\r\n'];

test('200 infinite bodies at once cost a scheduler at most 50 MB', { timeout: 120_000 }, async () => {
  const smallBytes = await peakWith(() => (socket) => void socket.write(response(500, 'no')));
  const infiniteBytes = await peakWith(
    (index) => (socket) => pour(socket, BEGINNINGS[index % BEGINNINGS.length] ?? '', CHUNK),
  );
  console.log(
    `${TARGETS} infinite bodies at once: peak memory of the scheduler ${inMegabytes(infiniteBytes)}, ` +
      `of one with ${TARGETS} small ones ${inMegabytes(smallBytes)}`,
  );
  expect(infiniteBytes - smallBytes).toBeLessThanOrEqual(MAX_COST_BYTES);
});

/** The peak memory of a fresh scheduler while each target answers in its way, all at the same moment. */
async function peakWith(answerOf: (index: number) => Behaviour): Promise<number> {
  const environment = { DATABASE_URL: database.url };
  const [recorder, scheduler] = await Promise.all([
    startServiceProcess(['recorder', '--port', '0'], environment),
    startServiceProcess(['scheduler', '--concurrency', String(2 * TARGETS)], environment),
  ]);
  const api = createApiClient(recorder.url);
  const targets = await startTargets(answerOf);
  const healthy = await startHealthyTraffic(recorder.url);
  try {
    const submitted = await Promise.all(
      targets.map(({ url }) => api.submit({ target: url, retry: { maxAttempts: 1 } })),
    );
    await Promise.all(submitted.map(({ id }) => api.until(id, ['completed', 'failed'], 60_000)));
    await healthy.stop();
    expect(healthy.completed).not.toEqual([]);
    return await peakResidentBytes(scheduler.pid);
  } finally {
    await Promise.all([recorder, scheduler].map((process) => process.end('SIGKILL')));
    await Promise.all(targets.map((target) => target.close()));
  }
}

/** Targets that all wait for the last request and then answer. */
async function startTargets(answerOf: (index: number) => Behaviour): Promise<HostileServer[]> {
  const answers: (() => void)[] = [];
  return Promise.all(
    Array.from({ length: TARGETS }, (_, index) =>
      startHostileServer((socket) => {
        socket.once('data', () => {
          answers.push(() => answerOf(index)(socket));
          if (answers.length === TARGETS) for (const answer of answers) answer();
        });
      }),
    ),
  );
}
