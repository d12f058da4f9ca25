import { expect, test } from 'vitest';
import { planted } from './planted-mutant.ts';

const plant = (source: string) =>
  planted(source, { id: 'm', file: 'a.ts', edits: [{ find: 'one', replace: 'two' }] });

test('a fault replaces the text that it was written for', () => {
  expect(plant('just one.')).toBe('just two.');
});

test.each([
  ['is gone', 'nothing', 0],
  ['stands there twice', 'one, one', 2],
])('a fault whose text %s is refused', (_name, source, times) => {
  expect(() => plant(source)).toThrow(`mutant m: expected \`one\` once in a.ts, got it ${times} times`);
});
