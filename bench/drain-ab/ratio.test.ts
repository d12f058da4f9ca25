import { describe, expect, it } from 'vitest';
import { ratioOf, studentT975 } from './ratio.ts';

describe('the ratio of two sides', () => {
  it('has an interval around its geometric mean', () => {
    // Logarithms -0.1, 0, 0.1 and 0.2: mean 0.05, standard error 0.0645, t 3.182.
    const ratio = ratioOf([0, 1, 2, 3].map((step) => Math.exp(step / 10 - 0.1)));
    expect(Math.log(ratio.mean)).toBeCloseTo(0.05, 6);
    expect(Math.log(ratio.median)).toBeCloseTo(0.05, 6);
    expect(Math.log(ratio.low)).toBeCloseTo(0.05 - 3.182 * 0.064_55, 2);
    expect(Math.log(ratio.high)).toBeCloseTo(0.05 + 3.182 * 0.064_55, 2);
  });

  it('takes the middle one of an odd number, which one bad round does not move', () => {
    expect(ratioOf([1, 1.1, 9]).median).toBeCloseTo(1.1, 6);
  });

  it.each([[[1, 2]], [[1, 1, 0]], [[1, 1, Number.NaN]]])('refuses %j', (ratios) => {
    expect(() => ratioOf(ratios)).toThrow(RangeError);
  });
});

it.each([
  [4, 2.7764],
  [9, 2.2622],
  [14, 2.1448],
  [29, 2.0452],
])('knows the quantile with %d degrees of freedom', (freedom, quantile) => {
  expect(studentT975(freedom)).toBeCloseTo(quantile, 2);
});
