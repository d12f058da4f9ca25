import { describe, expect, it } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('a fake clock', () => {
  it('stands still until it is advanced, and moves both readings by the same', async () => {
    const clock = createFakeClock({ epochMs: 5000 });
    const start = clock.monotonicMs();
    await clock.advance(250);
    expect([clock.epochMs(), clock.monotonicMs() - start]).toEqual([5250, 250]);
  });

  it('runs due timers in the order of their instants, ties in the order they were set', async () => {
    const clock = createFakeClock({ epochMs: 0 });
    const ran: string[] = [];
    const note = (name: string) => () => void ran.push(`${name}@${clock.epochMs()}`);
    clock.timer(30, note('c'));
    clock.timer(10, note('a'));
    clock.timer(10, note('b'));
    clock.timer(31, note('late'));
    await clock.advance(30);
    expect(ran).toEqual(['a@10', 'b@10', 'c@30']);
    expect(clock.pendingTimers()).toBe(1);
  });

  it('lets promises settle between timers, so a chain of sleeps runs in one advance', async () => {
    const clock = createFakeClock({ epochMs: 0 });
    const woke: number[] = [];
    const sleep = (ms: number) => new Promise<void>((resolve) => clock.timer(ms, resolve));
    const chain = (async () => {
      for (let turn = 0; turn < 3; turn += 1) {
        await sleep(10);
        await Promise.resolve();
        woke.push(clock.epochMs());
      }
    })();
    await clock.advance(35);
    await chain;
    expect(woke).toEqual([10, 20, 30]);
  });

  it('does not run a timer that was taken back', async () => {
    const clock = createFakeClock();
    let ran = false;
    clock.timer(1, () => (ran = true))();
    await clock.advance(10);
    expect([ran, clock.pendingTimers()]).toEqual([false, 0]);
  });

  it('refuses to advance twice at once', async () => {
    const clock = createFakeClock();
    const first = clock.advance(1);
    await expect(clock.advance(1)).rejects.toThrow('expected the advance before');
    await first;
  });
});
