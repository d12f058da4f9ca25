/** Time as the scheduler sees it; handed in, so that tests can move it. */
export interface Clock {
  /** Milliseconds that never jump; only differences mean anything. */
  monotonicMs(): number;
  /** Milliseconds since 1970 by the wall clock of this machine; never used for a decision about a task. */
  epochMs(): number;
  /** Calls `fn` once after `ms` milliseconds, unless the returned function was called before. */
  timer(ms: number, fn: () => void): () => void;
  /**
   * Calls `fn` once after the input that is already there was handled, as `setImmediate` does; without it a deadline
   * that passed while the process stood still counts, even if the answer lies in the socket's buffer.
   */
  afterInput?(fn: () => void): void;
}

/** Resolves after `ms` milliseconds, or at once when `signal` aborts; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve();
      return;
    }
    const end = (): void => {
      cancel();
      signal?.removeEventListener('abort', end);
      resolve();
    };
    const cancel = clock.timer(ms, end);
    signal?.addEventListener('abort', end);
  });
}
