import { SWEEP_INTERVAL_MS, maySweep } from '@dispatchr/lifecycle';
import type { LostAttempt } from '@dispatchr/store';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type Contact, type SchedulerStore } from './contact.ts';
import type { Leases } from './leases.ts';
import { settledLostAttempt } from './lost-attempt.ts';
import { taskDetails, type Logger } from './logger.ts';

/** Takes over what died, expires what is too late, prunes what is old. */
export interface Sweep {
  /** Sweeps until `signal` aborts; resolves then. */
  run(signal: AbortSignal): Promise<void>;
  /**
   * Settles every running task as `lease-lost`; right only where nobody can hold a lease. Never rejects: what cannot be
   * settled is left to later sweeps.
   */
  takeOverEveryLease(): Promise<void>;
}

/** What `createSweep` needs. */
export interface SweepOptions {
  store: SchedulerStore;
  contact: Contact;
  leases: Leases;
  clock: Clock;
  random: () => number;
  logger: Logger;
  retentionCompletedMs: number;
  retentionFailedMs: number;
  /** Called when a task was made due again. */
  onPending: (delayMs: number) => void;
}

/** Rows per statement of a sweep: 1,000 pruned at a time cost 6.5 µs a task and stall nobody. */
export const SWEEP_BATCH = 1000;

/** How often finished tasks are pruned, in milliseconds. */
export const PRUNE_INTERVAL_MS = 60_000;

/** Pause between two batches of one sweep, in milliseconds, for the claims and settles of others. */
const BATCH_PAUSE_MS = 10;

/** The sweep of one scheduler; each scheduler has one, and none needs to lead. */
export function createSweep(options: SweepOptions): Sweep {
  const { store, clock, random, logger } = options;
  let prunedMs = clock.monotonicMs() - random() * PRUNE_INTERVAL_MS;

  const sweepOnce = async (signal: AbortSignal): Promise<void> => {
    // First: it is right at any time, and where nothing else writes it is what contact is made of.
    await step('expire', () => inBatches(signal, () => store.expireTasks({ limit: SWEEP_BATCH })));
    if (maySweep(options.contact.unbrokenMs()))
      await step('take-over', () => inBatches(signal, takeOverExpired));
    if (clock.monotonicMs() - prunedMs < PRUNE_INTERVAL_MS) return;
    prunedMs = clock.monotonicMs();
    await step('prune', () => inBatches(signal, prune));
    await step('remove-idle-gates', () => inBatches(signal, removeIdleGates));
  };
  /** A row that one step stumbles over must not keep the others from their work. */
  const step = async (name: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const details = { step: name, err: error };
      if (isDatabaseAway(error)) logger.debug(details, 'a step of the sweep waits for the database');
      else logger.error(details, 'a step of the sweep failed');
    }
  };
  const prune = (): Promise<number> =>
    store.pruneTasks({
      completedMs: options.retentionCompletedMs,
      otherMs: options.retentionFailedMs,
      limit: SWEEP_BATCH,
    });
  const removeIdleGates = (): Promise<number> => store.removeIdleGates({ limit: SWEEP_BATCH });
  const takeOverExpired = async (): Promise<number> => {
    // Whatever the clocks say: the database's may have jumped past leases that were renewed a moment ago.
    const isRenewed = await options.leases.renew();
    return isRenewed && maySweep(options.contact.unbrokenMs()) ? takeOver('expired') : 0;
  };
  const takeOver = async (whose: 'expired' | 'every'): Promise<number> => {
    const lost = await store.takeOverLostLeases({ limit: SWEEP_BATCH, whose });
    options.leases.giveUp(lost);
    const settled = await Promise.all(lost.map((attempt) => settleLost(attempt, options)));
    // Without progress there is no next batch: with `every` it would bring the same rows for ever.
    return settled.includes(true) ? lost.length : 0;
  };
  const inBatches = async (signal: AbortSignal | undefined, batch: () => Promise<number>): Promise<void> => {
    while (signal?.aborted !== true && (await batch()) >= SWEEP_BATCH)
      await sleep(clock, BATCH_PAUSE_MS, signal);
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        await sweepOnce(signal);
        await sleep(clock, SWEEP_INTERVAL_MS * (0.9 + 0.2 * random()), signal);
      }
    },
    takeOverEveryLease: () => step('take-over', () => inBatches(undefined, () => takeOver('every'))),
  };
}

/** One row that cannot be settled must not keep the others from it; its new lease runs out in turn. */
async function settleLost(lost: LostAttempt, options: SweepOptions): Promise<boolean> {
  try {
    const settled = settledLostAttempt(lost, 'lease-lost', options.random);
    if (!(await options.store.settleAttempt(settled))) return false;
    options.logger.warn(
      { ...taskDetails(lost), state: settled.settlement.state },
      'the lease was lost; the attempt is counted and the task taken over',
    );
    if (settled.settlement.state === 'pending') options.onPending(settled.settlement.delayMs);
    return true;
  } catch (error) {
    options.logger.error({ ...taskDetails(lost), err: error }, 'a lost attempt could not be settled');
    return false;
  }
}
