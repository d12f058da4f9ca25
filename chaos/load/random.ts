/** Draws numbers that depend on nothing but the seed. */
export interface Random {
  /** Evenly from 0 (inclusive) to 1 (exclusive). */
  next(): number;
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number;
  /** One of the choices, which must not be empty. */
  pick<T>(choices: readonly T[]): T;
  /** True with the probability, 0 to 1. */
  chance(probability: number): boolean;
}

/** A sequence of its own for each pair of seed and number (mulberry32 over a mix of both). */
export function createRandom(seed: number, number = 0): Random {
  let state = mix(Math.imul(seed, 0x9e3779b1) ^ mix(number + 0x7f4a7c15));
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    return mix(state) / 2 ** 32;
  };
  const between = (from: number, to: number): number => from + Math.floor(next() * (to - from + 1));
  return {
    next,
    between,
    pick(choices) {
      const choice = choices.at(between(0, choices.length - 1));
      if (choice === undefined) throw new RangeError('expected something to pick from, got nothing');
      return choice;
    },
    chance: (probability) => next() < probability,
  };
}

/** Spreads 32 bits so that neighbours have nothing in common; unsigned. */
function mix(bits: number): number {
  let mixed = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d);
  mixed = Math.imul(mixed ^ (mixed >>> 12), 0x297a2d39);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}
