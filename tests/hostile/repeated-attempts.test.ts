import {
  type ApiClient,
  createApiClient,
  createTestDatabase,
  type ServiceProcess,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type HostileServer, startHostileServer } from './hostile-server.ts';
import { type Behaviour, onRequest, response } from './socket-behaviours.ts';

/** What misbehaving targets do to the attempts that follow. */
let database: TestDatabase;
let service: ServiceProcess;
let api: ApiClient;
const servers: HostileServer[] = [];
beforeAll(async () => {
  database = await createTestDatabase();
  service = await startServiceProcess(['serve', '--port', '0'], { DATABASE_URL: database.url });
  api = createApiClient(service.url);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});
afterAll(async () => {
  await service.end('SIGKILL');
  await database.drop();
});

async function targetThat(behaviour: Behaviour): Promise<string> {
  const server = await startHostileServer(behaviour);
  servers.push(server);
  return server.url;
}

const AT_ONCE = { minBackoffMs: 1, maxBackoffMs: 1, jitter: 0 };

test('429 for ever is over when the attempts are', async () => {
  const target = await targetThat(onRequest((socket) => socket.write(response(429))));
  const { id } = await api.submit({ target, retry: { ...AT_ONCE, maxAttempts: 4 } });
  expect(await api.until(id, ['failed'])).toMatchObject({ reason: 'exhausted', attemptsUsed: 4 });
  expect((await api.attempts(id)).map(({ status }) => status)).toEqual([429, 429, 429, 429]);
});

test('a connection that is reset when it is used again costs one attempt, and is not used a third time', async () => {
  const target = await targetThat(
    onRequest((socket, _request, index) => {
      if (index === 0) socket.write(response(200));
      else socket.resetAndDestroy();
    }),
  );
  const first = await api.submit({ target });
  await api.until(first.id, ['completed']);
  const second = await api.submit({ target, retry: AT_ONCE });
  await api.until(second.id, ['completed', 'failed']);
  expect(await api.attempts(second.id)).toMatchObject([
    { outcome: 'retryable', errorCode: 'connection-reset' },
    { outcome: 'completed', status: 200 },
  ]);
});

test('cookies that a target sets are not sent to it', async () => {
  const requests: string[] = [];
  const cookies = 'set-cookie: a=b; path=/\r\n'.repeat(50);
  const target = await targetThat(
    onRequest((socket, request) => {
      requests.push(request);
      socket.write(response(requests.length === 1 ? 500 : 200, '', cookies));
    }),
  );
  const { id } = await api.submit({ target, retry: AT_ONCE });
  await api.until(id, ['completed']);
  expect(requests).toHaveLength(2);
  expect(requests.join('')).not.toMatch(/^cookie:/im);
});

describe('a Retry-After', () => {
  const BACKOFF_MS = 60_000;
  const HOUR_MS = 3_600_000;

  test.each([
    ['below zero is ignored', '-5', BACKOFF_MS],
    ['of 1e18 is ignored, because it is no number of digits', '1e18', BACKOFF_MS],
    ['of a quintillion seconds counts as an hour', '1000000000000000000', HOUR_MS],
    ['of 400 digits counts as an hour', '9'.repeat(400), HOUR_MS],
    ['in 1970 adds nothing to the backoff', 'Thu, 01 Jan 1970 00:00:00 GMT', BACKOFF_MS],
    ['in the year 9999 counts as an hour', 'Fri, 31 Dec 9999 23:59:59 GMT', HOUR_MS],
  ])('%s', async (_name, value, pauseMs) => {
    const target = await targetThat(
      onRequest((socket) => socket.write(response(503, '', `Retry-After: ${value}\r\n`))),
    );
    const retry = { maxAttempts: 2, minBackoffMs: BACKOFF_MS, maxBackoffMs: BACKOFF_MS, jitter: 0 };
    const { id } = await api.submit({ target, retry });
    await expect.poll(() => api.attempts(id), { timeout: 20_000 }).toHaveLength(1);
    const [attempt] = await api.attempts(id);
    const { dueAt } = await api.task(id);
    // Both are instants of the database, of which one is that of the settlement and one is computed from it.
    expect(Math.abs(Date.parse(dueAt) - Date.parse(attempt?.endedAt ?? '') - pauseMs)).toBeLessThan(1000);
  });
});
