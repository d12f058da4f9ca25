import { expect, it } from 'vitest';
import { QuietWindow } from './quiet-window.ts';

it('opens once for all who wait, when everybody else has left', async () => {
  const window = new QuietWindow(5, 3);
  const over: string[] = [];
  const first = window.wait().then(() => over.push('first'));
  const second = window.wait().then(() => over.push('second'));
  await Promise.resolve();
  expect(over).toEqual([]);
  window.leave();
  await Promise.all([first, second]);
  expect(over).toEqual(['first', 'second']);
});

it('opens again for those who wait once more', async () => {
  const window = new QuietWindow(1, 2);
  await Promise.all([window.wait(), window.wait()]);
  window.leave();
  await expect(window.wait()).resolves.toBeUndefined();
});
