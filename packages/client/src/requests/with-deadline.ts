import type { Environment } from '../environment.ts';

/** What aborts a request that had no answer in time. */
export class DeadlineError extends Error {
  override readonly name = 'DeadlineError';
}

/**
 * Runs `work` with a signal that is aborted after `ms` with a `DeadlineError`, or with the caller's signal and its reason.
 * It takes its listener off the caller's signal, which `AbortSignal.any` leaves there on older versions of Node.
 */
export async function withDeadline<Result>(
  environment: Environment,
  ms: number,
  signal: AbortSignal | undefined,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  const abort = (): void => controller.abort(signal?.reason);
  const cancel = environment.timer(ms, () =>
    controller.abort(new DeadlineError(`expected an answer within ${ms} ms, got none`)),
  );
  signal?.addEventListener('abort', abort, { once: true });
  try {
    return await work(controller.signal);
  } finally {
    cancel();
    signal?.removeEventListener('abort', abort);
  }
}
