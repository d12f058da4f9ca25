/** How one side compares with the other over several rounds, as a ratio. */
export interface Ratio {
  readonly median: number;
  /** Geometric mean of the rounds. */
  readonly mean: number;
  /** The 95 % interval of the mean. */
  readonly low: number;
  readonly high: number;
}

/**
 * The ratio of two sides that were measured in pairs, by Student's t on the logarithms of the ratios, so that twice as much and
 * half as much weigh the same. Expects three or more positive ratios, and throws a RangeError on others.
 */
export function ratioOf(ratios: readonly number[]): Ratio {
  if (ratios.length < 3 || !ratios.every((ratio) => ratio > 0)) {
    throw new RangeError(`expected three or more positive ratios, got ${JSON.stringify(ratios)}`);
  }
  const logs = ratios.map((ratio) => Math.log(ratio)).toSorted((a, b) => a - b);
  const mean = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const variance = logs.reduce((sum, log) => sum + (log - mean) ** 2, 0) / (logs.length - 1);
  const half = studentT975(logs.length - 1) * Math.sqrt(variance / logs.length);
  return {
    median: Math.exp(medianOf(logs)),
    mean: Math.exp(mean),
    low: Math.exp(mean - half),
    high: Math.exp(mean + half),
  };
}

/** The 97.5 % quantile of Student's t with 2 or more degrees of freedom, by Abramowitz and Stegun 26.7.5; below 2 % off. */
export function studentT975(freedom: number): number {
  const z = 1.959_963_985;
  const terms = [
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92_160,
  ];
  return terms.reduce((sum, term, index) => sum + term / freedom ** (index + 1), z);
}

function medianOf(sorted: readonly number[]): number {
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = sorted.length % 2 === 0 ? [middle - 1, middle] : [middle, middle];
  return ((sorted[low] ?? Number.NaN) + (sorted[high] ?? Number.NaN)) / 2;
}
