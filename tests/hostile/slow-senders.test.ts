import { createTestDatabase, startServiceProcess, type TestDatabase } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHealthyTraffic } from './healthy-traffic.ts';
import { inMegabytes, openDescriptors, peakResidentBytes } from './process-figures.ts';
import { SLOW_SENDERS, startSlowSenders } from './slow-senders.ts';

/** How many senders are slow at the same time. */
const SENDERS = 2000;

/**
 * A sender has 10 s for its request, is looked for every second, and has a quarter of a second to read its answer.
 * This is far more, for a machine that is busy; the figure is printed.
 */
const PATIENCE_MS = 60_000;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

test('2,000 slow senders are cut by the recorder while others are served', { timeout: 120_000 }, async () => {
  const service = await startServiceProcess(['serve', '--port', '0'], { DATABASE_URL: database.url });
  const healthy = await startHealthyTraffic(service.url);
  const before = await openDescriptors(service.pid);
  const kinds = Array.from({ length: SENDERS }, () => SLOW_SENDERS)
    .flat()
    .slice(0, SENDERS);
  const senders = await startSlowSenders(service.url, kinds);
  const whileSlow = await openDescriptors(service.pid);
  const ends = await Promise.all(senders.map(({ ended }) => ended));
  const served = healthy.completed.length;
  await healthy.stop();

  const times = ends.map(({ afterMs }) => afterMs).toSorted((one, other) => one - other);
  console.log(
    `${SENDERS} slow senders: cut after ${seconds(times[0])} to ${seconds(times.at(-1))}; ` +
      `${served} healthy tasks completed meanwhile; descriptors ${before}, then ${whileSlow}; ` +
      `peak memory ${inMegabytes(await peakResidentBytes(service.pid))}`,
  );
  expect(times.at(-1)).toBeLessThan(PATIENCE_MS);
  for (const { name, answer } of ends) {
    expect(answer, name).toMatch(/^HTTP\/1\.1 408 [^]*urn:dispatchr:problem:request-timeout/);
  }
  expect(served).toBeGreaterThan(20);
  // Those that never close their side must not stay: their descriptors are free again.
  await expect.poll(() => openDescriptors(service.pid), { timeout: 10_000 }).toBeLessThan(before + 100);
  for (const sender of senders) sender.close();
  await service.end('SIGKILL');
});

const seconds = (ms = Number.NaN): string => `${(ms / 1000).toFixed(1)} s`;
