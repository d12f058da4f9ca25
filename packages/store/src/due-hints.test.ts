import { openTestDatabase, openTestStore, type TestStore } from '@dispatchr/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { DueHints } from './due-hints.ts';
import { DUE_CHANNEL } from './statements/announce-due-tasks.ts';

let fixture: TestStore;
beforeAll(async () => {
  fixture = await openTestStore();
});
afterAll(() => fixture.close());

/** Notifications as they arrive at another process, in order. */
async function listenElsewhere(origin: string) {
  const database = await openTestDatabase(fixture.url);
  const heard: string[] = [];
  let onHeard = (): void => {};
  await database.listen(DUE_CHANNEL, (payload) => {
    if (payload === origin) heard.push(payload);
    onHeard();
  });
  return {
    heard,
    until: (count: number) =>
      new Promise<void>((resolve) => {
        onHeard = () => heard.length >= count && resolve();
        onHeard();
      }),
    close: () => database.close(),
  };
}

test('announcements of one interval make one notification more, and the first goes at once', async () => {
  const timers: (() => void)[] = [];
  const hints = new DueHints(fixture.database, {
    origin: 'busy',
    afterInput: setImmediate,
    timer: (_ms, run) => {
      timers.push(run);
      return () => {};
    },
  });
  const other = await listenElsewhere('busy');
  hints.announce();
  hints.announce();
  await other.until(1);
  for (let count = 0; count < 10; count += 1) hints.announce();
  await expect.poll(() => timers.length).toBe(1);
  expect(other.heard).toHaveLength(1);
  timers.shift()?.();
  await other.until(2);
  await expect.poll(() => timers.length).toBe(1);
  // Nothing was announced since: the interval ends without another, and the next announcement goes at once again.
  timers.shift()?.();
  await new Promise(setImmediate);
  hints.announce();
  await other.until(3);
  expect(other.heard).toHaveLength(3);
  await other.close();
});

test('where a scheduler of this process is awake already the notification keeps out of its way', async () => {
  const timers: (() => void)[] = [];
  let woken = 0;
  const hints = new DueHints(fixture.database, {
    origin: 'shared',
    afterInput: (run) => run(),
    timer: (_ms, run) => {
      timers.push(run);
      return () => {};
    },
  });
  await hints.subscribe(() => (woken += 1));
  const other = await listenElsewhere('shared');
  hints.announce();
  expect(woken).toBeGreaterThan(0);
  expect(timers).toHaveLength(1);
  expect(other.heard).toEqual([]);
  timers.shift()?.();
  await other.until(1);
  await other.close();
});
