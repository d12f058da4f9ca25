import { expect, test, vi } from 'vitest';
import { remember } from './remember.ts';

test('a text is looked into once, whatever the answer', () => {
  const find = vi.fn((text: string) => (text === 'nothing' ? undefined : text.length));
  const remembered = remember(find);
  expect(['abc', 'nothing', 'abc', 'nothing'].map(remembered)).toEqual([3, undefined, 3, undefined]);
  expect(find).toHaveBeenCalledTimes(2);
});

test('no more than a thousand answers are kept', () => {
  const find = vi.fn((text: string) => text);
  const remembered = remember(find);
  for (let index = 0; index <= 1000; index += 1) remembered(`text ${index}`);
  expect(remembered('text 0')).toBe('text 0');
  expect(find).toHaveBeenCalledTimes(1002);
});
