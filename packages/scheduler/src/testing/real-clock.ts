/* oxlint-disable no-restricted-globals, no-restricted-properties -- only tests import this file */
import type { Clock } from '../clock.ts';

/** The machine's own time, for tests with real sockets. */
export const realClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer(ms, fn) {
    const timer = setTimeout(fn, ms);
    return () => clearTimeout(timer);
  },
  afterInput: (fn) => void setImmediate(fn),
};
