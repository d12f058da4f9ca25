/* oxlint-disable no-restricted-globals, no-restricted-properties -- this package is installed alone: no composition root is there to hand them in */

/** What a client needs of the world; tests hand in one that they move themselves. */
export interface Environment {
  /** Milliseconds of a clock that never steps back. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  epochMs(): number;
  /** At least 0 and less than 1. */
  random(): number;
  /** Calls `fn` once after `ms`; the answer takes it back. */
  timer(ms: number, fn: () => void): () => void;
}

/** The real one: the machine's clocks, chance and timers. */
export const systemEnvironment: Environment = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  random: () => Math.random(),
  timer: (ms, fn) => {
    const handle = setTimeout(fn, ms);
    return () => clearTimeout(handle);
  },
};
