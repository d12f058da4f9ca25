import { expect, it } from 'vitest';
import { sharesOf } from './shares.ts';

it('compares counts with weights', () => {
  const names = [...Array<string>(66).fill('a'), ...Array<string>(34).fill('b'), 'unknown'];
  const [a, b] = sharesOf(names, { a: 3, b: 2 });
  expect(a).toMatchObject({ name: 'a', count: 66, share: 0.66 });
  expect(a?.off).toBeCloseTo(0.1, 6);
  expect(b?.off).toBeCloseTo(-0.15, 6);
});

it('says of nothing that everybody got nothing', () => {
  expect(sharesOf([], { a: 1 })).toEqual([{ name: 'a', count: 0, share: 0, off: -1 }]);
});
