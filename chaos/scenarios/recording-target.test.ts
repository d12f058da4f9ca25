import { expect, it, onTestFinished } from 'vitest';
import { startRecordingTarget } from './recording-target.ts';
import { until } from './until.ts';

it('knows who came when, and the most that were in flight', async () => {
  const target = await startRecordingTarget((name) => ({ status: 200, afterMs: name === 'slow' ? 50 : 0 }));
  onTestFinished(() => target.close());
  await Promise.all(['slow', 'slow', 'quick'].map((name) => fetch(target.url(name), { method: 'POST' })));
  await fetch(target.url('quick'), { method: 'POST' });
  expect(target.arrivals.map(({ name }) => name).toSorted()).toEqual(['quick', 'quick', 'slow', 'slow']);
  expect(target.most.byName).toBe(2);
  expect(target.most.inAll).toBeGreaterThanOrEqual(2);
});

it('forgets a request that its sender broke off', async () => {
  const target = await startRecordingTarget(() => ({ afterMs: Infinity }));
  onTestFinished(() => target.close());
  for (let count = 1; count <= 2; count += 1) {
    const sender = new AbortController();
    const sent = fetch(target.url('hang'), { method: 'POST', signal: sender.signal });
    await until('it has arrived', () => target.arrivals.length === count, 5000);
    sender.abort();
    await expect(sent).rejects.toThrow('abort');
    await until('nothing is in flight', () => target.inFlight() === 0, 5000);
  }
  expect(target.most.inAll).toBe(1);
});

it('cuts connections while it is dead, and lives again on the same port', async () => {
  const target = await startRecordingTarget();
  onTestFinished(() => target.close());
  target.isDead = true;
  await expect(fetch(target.url('any'))).rejects.toThrow('fetch failed');
  target.isDead = false;
  expect((await fetch(target.url('any'))).status).toBe(204);
  expect(target.cutAtMs.length).toBeGreaterThan(0);
});
