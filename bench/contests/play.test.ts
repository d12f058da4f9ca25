import { expect, it } from 'vitest';
import type { Side } from '../world/side.ts';
import { play } from './play.ts';

it('lets sides begin in turn, and does not count the first round', async () => {
  const turns: string[] = [];
  const notes: string[] = [];
  const side = (name: string): Side => ({
    name,
    play: () => Promise.resolve({ order: turns.push(name) }),
    close: () => Promise.resolve(),
  });
  const rounds = await play([side('a'), side('b'), side('c')], 2, ['order'], (text) => void notes.push(text));
  expect(turns.join('')).toBe('abcbcacab');
  expect(rounds.map((round) => round.get('a')?.['order'])).toEqual([6, 8]);
  expect(notes).toHaveLength(9);
  expect(notes[3]).toBe('  round 1: b: order 4.0');
});
