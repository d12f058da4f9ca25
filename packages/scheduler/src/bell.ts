import type { Clock } from './clock.ts';

/** Wakes one loop; rings that come while nobody waits are kept as one. */
export interface Bell {
  ring(): void;
  /** Rings after `ms` milliseconds, unless it is to ring earlier anyway. */
  ringIn(ms: number): void;
  /** Resolves at the next ring, and after `ms` milliseconds at the latest. */
  wait(ms: number): Promise<void>;
}

/** A bell on the given clock. */
export function createBell(clock: Clock): Bell {
  let rung = false;
  let answer: (() => void) | undefined;
  let dueMs = Infinity;
  let cancel = (): void => {};

  const ring = (): void => {
    cancel();
    dueMs = Infinity;
    rung = answer === undefined;
    answer?.();
    answer = undefined;
  };
  const ringIn = (ms: number): void => {
    const atMs = clock.monotonicMs() + ms;
    if (atMs >= dueMs) return;
    cancel();
    dueMs = atMs;
    cancel = clock.timer(ms, ring);
  };
  return {
    ring,
    ringIn,
    wait(ms) {
      if (rung) {
        rung = false;
        return Promise.resolve();
      }
      return new Promise((resolve) => {
        answer = resolve;
        ringIn(ms);
      });
    },
  };
}
