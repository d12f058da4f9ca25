import type { Clock } from '@dispatchr/scheduler';

/** Resolves when the promise has settled, whichever way, or after `ms` milliseconds; true if it settled in time. */
export async function settledWithin(promise: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.timer(ms, () => resolve(false));
    const settle = (): void => {
      cancel();
      resolve(true);
    };
    promise.then(settle, settle);
  });
}
