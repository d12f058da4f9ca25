import { describe, expect, test } from 'vitest';
import { createVirtualTime } from './virtual-time.ts';

describe('virtual time', () => {
  test('runs events in the order of their instants, and promises to their end before the next', async () => {
    const time = createVirtualTime();
    const seen: string[] = [];
    const see = async (name: string): Promise<void> => {
      for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
      seen.push(`${name} at ${time.nowMs()}`);
    };
    time.in(20, () => void see('late'));
    time.in(10, () => void see('early'));
    time.in(10, () => void see('next'));
    time.in(5, () => void see('never'))();
    expect(await time.runUntil(() => false, 100)).toBe(false);
    expect(seen).toEqual(['early at 10', 'next at 10', 'late at 20']);
  });

  test('ends once it is over, and before an event past the end', async () => {
    const time = createVirtualTime();
    let rung = 0;
    for (const ms of [1, 2, 300]) time.in(ms, () => (rung += 1));
    expect(await time.runUntil(() => rung === 1, 200)).toBe(true);
    expect(await time.runUntil(() => rung === 3, 200)).toBe(false);
    expect([rung, time.nowMs()]).toEqual([2, 2]);
  });

  test('makes an error of events without end that says who asks for them', async () => {
    const time = createVirtualTime();
    const keepPolling = (): void => void time.in(0, keepPolling);
    keepPolling();
    await expect(time.runUntil(() => false, 100)).rejects.toThrow(
      /no end of them at 0 ms; .*\bkeepPolling\b/s,
    );
  });

  test('makes an error of promises without end that says who goes round in them', async () => {
    const time = createVirtualTime();
    const keepAsking = async (): Promise<void> => {
      while (time.nowMs() < 1000) await Promise.resolve();
    };
    time.in(7, () => void keepAsking().catch(() => {}));
    await expect(time.runUntil(() => false, 100)).rejects.toThrow(
      /no end of them at 7 ms; .*\bkeepAsking\b/s,
    );
  });
});
