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

test('a lone item is written at once', () => {
  const { flushes, flush } = manualFlush();
  void new GroupCommit(flush, { maxItems: 10, concurrency: 1 }).add(1);
  expect(flushes.map(({ items }) => items)).toEqual([[1]]);
});

test('items that arrive during a write share the next one', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1 });
  const answers = [1, 2, 3].map((item) => group.add(item));
  flushes[0]?.finish();
  await answers[0];
  flushes[1]?.finish();
  expect(await Promise.all(answers)).toEqual(['1', '2', '3']);
  expect(flushes.map(({ items }) => items)).toEqual([[1], [2, 3]]);
});

test('nobody is answered before the commit of its own item', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1 });
  const first = group.add(1);
  let isAnswered = false;
  const second = group.add(2).then(() => (isAnswered = true));
  flushes[0]?.finish();
  await first;
  expect(isAnswered).toBe(false);
  flushes[1]?.finish();
  await second;
});

test('a database that is away is told to each caller of the write, and the next goes on', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1 });
  const first = group.add(1);
  const [second, third] = [group.add(2), group.add(3)];
  flushes[0]?.finish();
  await first;
  flushes[1]?.finish(new DatabaseUnavailableError('connection lost'));
  await expect(second).rejects.toThrow('connection lost');
  await expect(third).rejects.toThrow('connection lost');
  const fourth = group.add(4);
  flushes[2]?.finish();
  expect(await fourth).toBe('4');
});

test('a refused item fails alone; those that shared its write succeed', async () => {
  const flush = async (items: readonly number[]) => {
    if (items.includes(13)) throw new Error('13 cannot be written');
    return items;
  };
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1 });
  const results = await Promise.allSettled([1, 2, 13, 4].map((item) => group.add(item)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
});

test('a write holds no more than maxItems and maxWeight, but a heavy item still goes', async () => {
  const groups: (readonly number[])[] = [];
  const flush = async (items: readonly number[]) => {
    groups.push(items);
    return items;
  };
  const options = { maxItems: 2, concurrency: 1, weigh: (item: number) => item, maxWeight: 10 };
  const group = new GroupCommit(flush, options);
  await Promise.all([1, 2, 3, 4, 9, 50, 1].map((item) => group.add(item)));
  expect(groups).toEqual([[1], [2, 3], [4], [9], [50], [1]]);
});
