import type { TaskStore } from '@dispatchr/store';
import { sleep, type Clock } from './clock.ts';
import type { Logger } from './logger.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';

/** What `subscribeToHints` needs. */
export interface HintOptions extends ReconnectSettings {
  store: Pick<TaskStore, 'onDue'>;
  clock: Clock;
  random: () => number;
  logger: Logger;
}

/** Listens for hints until `signal` aborts; resolves then. Without hints polling finds everything, only later. */
export async function subscribeToHints(
  options: HintOptions,
  wake: () => void,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    try {
      const subscribed = options.store.onDue(wake);
      const unsubscribe = await unlessAborted(subscribed, signal);
      if (unsubscribe === undefined) {
        // Nobody waits for one that comes too late; it is only ended.
        subscribed.then((late) => late()).catch(() => {});
        return;
      }
      await aborted(signal);
      await unsubscribe();
      return;
    } catch (error) {
      if (signal.aborted) return;
      options.logger.debug({ err: error }, 'no hints of due tasks for now; polling finds them');
      await sleep(options.clock, reconnectDelayMs(failures, options, options.random), signal);
    }
  }
}

/** Answers as the promise does, or with undefined once `signal` aborts; leaves no listener behind on the signal. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const end = (): void => resolve(undefined);
    signal.addEventListener('abort', end);
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', end));
  });
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
