import type { SettledAttempt } from '@dispatchr/store';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type SchedulerStore } from './contact.ts';
import { taskDetails, type Logger } from './logger.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';

/** Writes down how attempts ended. */
export interface Settler {
  /**
   * Resolves when the settlement is committed or somebody else has the lease, and with false when it was given up;
   * never rejects.
   */
  settle(task: { id: string; attempt: number }, settled: SettledAttempt): Promise<boolean>;
  /** No further tries for those that the database did not take yet; their leases run out instead. */
  giveUp(): void;
}

/** What `createSettler` needs. */
export interface SettlerOptions extends ReconnectSettings {
  store: SchedulerStore;
  clock: Clock;
  random: () => number;
  logger: Logger;
  /** Called with the delay of each task that is pending again. */
  onPending: (delayMs: number) => void;
}

/** Attempts share one update, so a refusal may be meant for another one: it is tried again this often. */
const MAX_REFUSALS = 5;

/** A settler that tries for as long as the database is away: the lease on the row decides whether it still counts. */
export function createSettler(options: SettlerOptions): Settler {
  const { store, clock, random, logger } = options;
  const over = new AbortController();

  return {
    async settle(task, settled) {
      for (let tries = 0; ; tries += 1) {
        const result = await store.settleAttempt(settled).then(stoodOrLost, awayOrRefused);
        if (result === 'away' || (typeof result === 'object' && tries < MAX_REFUSALS)) {
          if (over.signal.aborted) {
            logger.warn(
              taskDetails(task),
              'the attempt could not be settled before the end; its lease will run out',
            );
            return false;
          }
          await sleep(clock, reconnectDelayMs(tries, options, random), over.signal);
        } else {
          report(logger, task, settled, result, tries);
          if (result === 'settled' && settled.settlement.state === 'pending') {
            options.onPending(settled.settlement.delayMs);
          }
          return typeof result !== 'object';
        }
      }
    },
    giveUp: () => over.abort(),
  };
}

function stoodOrLost(stood: boolean): 'settled' | 'lost' {
  return stood ? 'settled' : 'lost';
}

function awayOrRefused(error: unknown): 'away' | { error: unknown } {
  return isDatabaseAway(error) ? 'away' : { error };
}

function report(
  logger: Logger,
  task: { id: string; attempt: number },
  settled: SettledAttempt,
  result: 'settled' | 'lost' | { error: unknown },
  tries: number,
): void {
  const { outcome, durationMs, status, errorCode } = settled.attempt;
  const details = { ...taskDetails(task), outcome, durationMs, status, errorCode };
  if (typeof result === 'object') {
    logger.error(
      { ...details, err: result.error },
      'the attempt could not be settled; its lease will run out',
    );
  } else if (result === 'settled') {
    const { settlement } = settled;
    const failed = settlement.state === 'failed';
    const line = { ...details, state: settlement.state, ...(failed ? { reason: settlement.reason } : {}) };
    if (failed) logger.warn(line, 'the task failed');
    else if (isFirstRetry(settled)) logger.info(line, 'the first attempt failed; the task is tried again');
    else logger.debug(line, 'the attempt is settled');
  } else if (tries > 0) {
    logger.warn(details, 'the lease stands no longer: settled by a try whose answer was lost, or taken over');
  } else {
    logger.warn(details, 'the lease was lost before the attempt was settled');
  }
}

/** Whoever tries Dispatchr out with a wrong port should see it at once; after that the task tells. */
function isFirstRetry({ settlement, attempt }: SettledAttempt): boolean {
  return attempt.outcome === 'retryable' && settlement.attemptsUsed === 1;
}
