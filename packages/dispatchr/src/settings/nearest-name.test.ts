import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

describe('nearestName', () => {
  const known = ['serve', 'recorder', 'scheduler', 'port', 'host'];
  it.each([
    ['prot', 'port'],
    ['Port', 'port'],
    ['recoder', 'recorder'],
    ['shcedular', 'scheduler'],
    ['server', 'serve'],
    ['zzzz', undefined],
    ['', undefined],
  ])('takes %j for %j', (unknown, nearest) => {
    expect(nearestName(unknown, known)).toBe(nearest);
  });
});
