import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Attempt } from '@dispatchr/contract';
import {
  type ApiClient,
  CERTIFICATES,
  createApiClient,
  createTestDatabase,
  type ServiceProcess,
  startServiceProcess,
  type TestDatabase,
} from '@dispatchr/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type HealthyTraffic, startHealthyTraffic } from './healthy-traffic.ts';
import type { HostileServer } from './hostile-server.ts';
import { MISBEHAVING_TARGETS, type MisbehavingTarget } from './misbehaving-targets.ts';
import { inMegabytes, peakResidentBytes } from './process-figures.ts';

/** The deadline of each attempt, and the time past it within which it must be over by the service's own record. */
const TIMEOUT_MS = 3000;
const GRACE_MS = 1000;

/** Every target misbehaves at the same time, `EACH` tasks at each; healthy tasks are submitted all the while. */
const EACH = 2;

/**
 * A busy machine can hold a whole process up for seconds; it does not do so to the same target again and again, as
 * a fault would. So those that were late are tried again.
 */
const ROUNDS = 3;

let database: TestDatabase;
let folder: string;
let service: ServiceProcess;
let api: ApiClient;
let healthy: HealthyTraffic;
const servers = new Map<string, HostileServer>();
/** By name of the target: the attempts of its last round. */
const recorded = new Map<string, Attempt[]>();

beforeAll(async () => {
  database = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'dispatchr-hostile-'));
  const trusted = join(folder, 'trusted.pem');
  writeFileSync(trusted, CERTIFICATES.valid.cert + CERTIFICATES.expired.cert);
  service = await startServiceProcess(['serve', '--port', '0', '--concurrency', '300'], {
    DATABASE_URL: database.url,
    NODE_EXTRA_CA_CERTS: trusted,
  });
  api = createApiClient(service.url);
  healthy = await startHealthyTraffic(service.url);
  for (const { name, start } of MISBEHAVING_TARGETS) servers.set(name, await start());
  for (let round = 1; round <= ROUNDS && leftOver().length > 0; round += 1) await deliverAtOnce(leftOver());
  await healthy.stop();
  console.log(await figures());
}, 240_000);
afterAll(async () => {
  await service.end('SIGKILL');
  await Promise.all([...servers.values()].map((server) => server.close()));
  await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

describe('a delivery to a target that', () => {
  test.each(MISBEHAVING_TARGETS)('$name is over in time and recorded as what it was', (target) => {
    const attempts = recorded.get(target.name) ?? [];
    expect(attempts).toMatchObject(Array.from({ length: EACH }, () => ({ attempt: 1, ...target.attempt })));
    for (const { durationMs, responseBody = '' } of attempts) {
      expect(durationMs).toBeLessThanOrEqual(TIMEOUT_MS + GRACE_MS);
      expect(Buffer.byteLength(responseBody)).toBeLessThanOrEqual(4096);
    }
  });
});

test('healthy deliveries go on beside them, each at its first attempt', () => {
  expect(healthy.completed.length).toBeGreaterThan(8);
  expect(new Set(healthy.completed.map(({ attempt }) => attempt))).toEqual(new Set([1]));
});

/** The targets that have not yet come to what they must. */
function leftOver(): MisbehavingTarget[] {
  return MISBEHAVING_TARGETS.filter(({ name, attempt }) => {
    const expected = Object.entries(attempt) as [keyof Attempt, unknown][];
    const isAsExpected = (got: Attempt) =>
      got.durationMs <= TIMEOUT_MS + GRACE_MS && expected.every(([member, value]) => got[member] === value);
    return !recorded.get(name)?.every(isAsExpected);
  });
}

async function deliverAtOnce(targets: readonly MisbehavingTarget[]): Promise<void> {
  const deliver = async (target = ''): Promise<Attempt[]> => {
    const { id } = await api.submit({ target, timeoutMs: TIMEOUT_MS, retry: { maxAttempts: 1 } });
    await api.until(id, ['completed', 'failed'], 60_000);
    return api.attempts(id);
  };
  await Promise.all(
    targets.map(async ({ name }) => {
      const url = servers.get(name)?.url;
      const attempts = await Promise.all(Array.from({ length: EACH }, () => deliver(url)));
      recorded.set(name, attempts.flat());
    }),
  );
}

/** What a reader wants to know beside that it passed. */
async function figures(): Promise<string> {
  const longestMs = Math.max(...[...recorded.values()].flat().map(({ durationMs }) => durationMs));
  return (
    `hostile targets: ${recorded.size} of them, ${EACH} deliveries at once to each; the longest took ` +
    `${longestMs} ms of its ${TIMEOUT_MS}; ${healthy.completed.length} healthy deliveries beside them; ` +
    `peak memory ${inMegabytes(await peakResidentBytes(service.pid))}`
  );
}
