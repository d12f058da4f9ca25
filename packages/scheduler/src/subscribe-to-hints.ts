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
      const unsubscribe = await options.store.onDue(wake);
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

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
