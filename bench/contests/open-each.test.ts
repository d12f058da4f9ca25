import { expect, it } from 'vitest';
import type { Side } from '../world/side.ts';
import { openEach } from './open-each.ts';

it('closes the sides that it opened when the next one fails', async () => {
  const closed: string[] = [];
  const open = (name: string) => (): Promise<Side> =>
    Promise.resolve({
      name,
      play: () => Promise.resolve({}),
      close: () => Promise.resolve(void closed.push(name)),
    });
  const failing = () => Promise.reject(new Error('expected a server, got none'));
  await expect(openEach([open('a'), open('b'), failing])).rejects.toThrow('got none');
  expect(closed).toEqual(['a', 'b']);
});
