/** Pseudo-random numbers that the same seed repeats. */
export interface Random {
  readonly seed: number;
  /** A whole number from 0 to below `limit`. */
  below(limit: number): number;
  /** One of the values. */
  pick<T>(values: readonly [T, ...T[]]): T;
}

/** mulberry32: 32 bits of state are plenty to vary inputs. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * limit);
  };
  return { seed, below, pick: (values) => values[below(values.length)] ?? values[0] };
}

/** A seed for one check, so that leaving another out does not change it. */
export function seedFor(runSeed: number, checkId: string): number {
  let hash = runSeed >>> 0;
  for (const character of checkId) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return hash;
}
