import { InvalidArgumentError } from 'commander';

/** Makes a reader of whole numbers from `least` to `most`, which throws commander's error for anything else. */
export function integerFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = /^-?\d+$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`Expected a whole number from ${least} to ${most}.`);
  };
}
