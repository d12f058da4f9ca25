import type { RetryOptions } from '../client-options.ts';
import type { Environment } from '../environment.ts';
import { sleep } from './sleep.ts';

/** What a try came to: an end, or a reason to try again with the least pause the other side asked for. */
export type Try<Result> = { done: true; result: Result } | { done: false; error: Error; waitMs: number };

/** How a request is repeated. */
export interface Repeat {
  environment: Environment;
  retry: Required<RetryOptions>;
  signal: AbortSignal | undefined;
}

/**
 * Tries until a try is done or the bounds of `retry` are reached; then it throws the last try's error.
 * A pause that would end beyond the bounds is not begun.
 */
export async function repeat<Result>(
  { environment, retry, signal }: Repeat,
  tryOnce: (tries: number, elapsedMs: number) => Promise<Try<Result>>,
): Promise<Result> {
  const startedAt = environment.monotonicMs();
  for (let tries = 1; ; tries += 1) {
    const made = await tryOnce(tries, environment.monotonicMs() - startedAt);
    if (made.done) return made.result;
    const pauseMs = Math.max(made.waitMs, backoffMs(retry, tries, environment.random()));
    const elapsedMs = environment.monotonicMs() - startedAt;
    if (tries >= retry.maxTries || elapsedMs + pauseMs > retry.maxDurationMs) throw made.error;
    await sleep(environment, pauseMs, signal);
  }
}

/** Half of the doubled pause, and up to as much again by chance, so that producers do not come back all at once. */
export function backoffMs(retry: Required<RetryOptions>, tries: number, random: number): number {
  const bare = Math.min(retry.maxBackoffMs, retry.minBackoffMs * 2 ** (tries - 1));
  return (bare / 2) * (1 + random);
}
