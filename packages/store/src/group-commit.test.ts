import { expect, test } from 'vitest';
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

test('a failed write is told to each of its callers, and the next goes on', async () => {
  const { flushes, flush } = manualFlush();
  const group = new GroupCommit(flush, { maxItems: 10, concurrency: 1 });
  const first = group.add(1);
  const second = group.add(2);
  flushes[0]?.finish(new Error('connection lost'));
  await expect(first).rejects.toThrow('connection lost');
  flushes[1]?.finish();
  expect(await second).toBe('2');
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
