import type { Clock } from '@dispatchr/scheduler';

/** The longest delay that `setTimeout` takes; a longer one would fire at once. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * The real clock: the process's monotonic time, the machine's wall clock, and its timers.
 * Timers keep the process alive: while the database is away they may be all that does.
 */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  epochMs: () => Date.now(),
  timer: (ms, fn) => {
    let handle: NodeJS.Timeout;
    const wait = (left: number): void => {
      const step = Math.min(Math.max(0, left), LONGEST_TIMEOUT_MS);
      handle = setTimeout(() => (left > step ? wait(left - step) : fn()), step);
    };
    wait(ms);
    return () => clearTimeout(handle);
  },
  afterInput: (fn) => void setImmediate(fn),
};
