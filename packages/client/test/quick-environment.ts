import type { Environment } from '../src/environment.ts';

/** An environment in which a pause takes no time, and is written down. */
export interface QuickEnvironment extends Environment {
  /** The pauses that were made, in milliseconds. */
  pauses: number[];
}

/** Timers of `deadlineMs` and more never fire: they are the deadlines of requests that are answered in real time. */
export function quickEnvironment({ deadlineMs = 30_000, random = 1 } = {}): QuickEnvironment {
  const pauses: number[] = [];
  let nowMs = 0;
  return {
    pauses,
    monotonicMs: () => nowMs,
    epochMs: () => Date.UTC(2026, 10, 22) + nowMs,
    random: () => random,
    timer(ms, fn) {
      if (ms >= deadlineMs) return () => {};
      pauses.push(ms);
      nowMs += ms;
      const handle = setImmediate(fn);
      return () => clearImmediate(handle);
    },
  };
}
