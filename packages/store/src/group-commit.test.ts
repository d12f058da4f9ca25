import { setImmediate as afterInput } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { DatabaseUnavailableError } from './database/database.ts';
import { GroupCommit } from './group-commit.ts';

/** A flush that the test finishes by hand. */
function manualFlush() {
  const flushes: { items: readonly number[]; finish: (error?: Error) => void }[] = [];
  const flush = (items: readonly number[]) =>
    new Promise<readonly string[]>((resolve, reject) => {
      const finish = (error?: Error) => (error ? reject(error) : resolve(items.map(String)));
      flushes.push({ items, finish });
    });
  return { flushes, flush };
}

test('a lone item is written within the turn of the event loop in which it came', async () => {
  const { flushes, flush } = manualFlush();
  void new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput }).add(1);
  await setImmediate();
  expect(flushes.map(({ items }) => items)).toEqual([[1]]);
});

test('items of one turn share a write, also those that came after a step of microtasks', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput });
  void group.add(1);
  await Promise.resolve();
  void group.add(2);
  await setImmediate();
  expect(flushes.map(({ items }) => items)).toEqual([[1, 2]]);
});

test('a write begins beside another only with as many items as are worth it', async () => {
  const { flushes, flush } = manualFlush();
  const options = { maxItems: 10, concurrency: 2, minItemsBeside: 2, maxWaiting: 100, afterInput };
  const group = new GroupCommit(flush, options);
  for (const item of [1, 2, 3]) {
    void group.add(item);
    await setImmediate();
  }
  expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3]]);
});

test('items that arrive during a write share the next one', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput });
  const first = group.add(1);
  await setImmediate();
  const answers = [first, group.add(2), group.add(3)];
  flushes[0]?.finish();
  await first;
  flushes[1]?.finish();
  expect(await Promise.all(answers)).toEqual(['1', '2', '3']);
  expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3]]);
});

test('nobody is answered before the commit of its own item', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput });
  const first = group.add(1);
  await setImmediate();
  let isAnswered = false;
  const second = group.add(2).then(() => (isAnswered = true));
  flushes[0]?.finish();
  await first;
  // Whatever could settle without the second commit has settled after this.
  await setImmediate();
  expect(isAnswered).toBe(false);
  flushes[1]?.finish();
  await second;
});

test('a database that is away is told to each caller, those that wait included, and the next write goes on', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput });
  const first = group.add(1);
  await setImmediate();
  const [second, third] = [group.add(2), group.add(3)];
  flushes[0]?.finish(new DatabaseUnavailableError('connection lost'));
  for (const each of [first, second, third]) await expect(each).rejects.toThrow('connection lost');
  const fourth = group.add(4);
  await setImmediate();
  flushes[1]?.finish();
  expect(await fourth).toBe('4');
});

test('a refused item fails alone; those that shared its write succeed', async () => {
  const flush = async (items: readonly number[]) => {
    if (items.includes(13)) throw new Error('13 cannot be written');
    return items;
  };
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 100, afterInput });
  const results = await Promise.allSettled([1, 2, 13, 4].map((item) => group.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

test('a write holds no more than maxItems and maxWeight, but a heavy item still goes', async () => {
  const groups: (readonly number[])[] = [];
  const flush = async (items: readonly number[]) => {
    groups.push(items);
    return items;
  };
  const options = {
    maxItems: 2,
    concurrency: 1,
    maxWaiting: 100,
    afterInput,
    weigh: (item: number) => item,
    maxWeight: 10,
  };
  const group = new GroupCommit(flush, options);
  await Promise.all([1, 2, 3, 4, 9, 50, 1].map((item) => group.add(item)));
  expect(groups).toEqual([[1, 2], [3, 4], [9], [50], [1]]);
});

test('more than maxWaiting items are refused at once', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1, maxWaiting: 1, afterInput });
  const first = group.add(1);
  await setImmediate();
  const second = group.add(2);
  await expect(group.add(3)).rejects.toThrow('1 writes wait');
  flushes[0]?.finish();
  await first;
  flushes[1]?.finish();
  expect(await second).toBe('2');
});
