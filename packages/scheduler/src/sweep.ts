import { SWEEP_INTERVAL_MS, maySweep, resolveRetryPolicy, settlementOf } from '@dispatchr/lifecycle';
import type { LostAttempt, SettledAttempt } from '@dispatchr/store';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type Contact, type SchedulerStore } from './contact.ts';
import type { Leases } from './leases.ts';
import { taskDetails, type Logger } from './logger.ts';

/** Takes over what died, expires what is too late, prunes what is old. */
export interface Sweep {
  /** Sweeps until `signal` aborts; resolves then. */
  run(signal: AbortSignal): Promise<void>;
  /** Settles every running task as `lease-lost`; right only where nobody else can hold a lease. */
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
    if (!maySweep(options.contact.unbrokenMs())) return;
    // Before its own leases are renewed a scheduler that was stopped would take over from itself.
    if (!(await options.leases.areRenewed())) return;
    await inBatches(signal, () => takeOver(false));
    await inBatches(signal, () => store.expireTasks({ limit: SWEEP_BATCH }));
    if (clock.monotonicMs() - prunedMs < PRUNE_INTERVAL_MS) return;
    prunedMs = clock.monotonicMs();
    await inBatches(signal, prune);
  };
  const prune = (): Promise<number> =>
    store.pruneTasks({
      completedMs: options.retentionCompletedMs,
      otherMs: options.retentionFailedMs,
      limit: SWEEP_BATCH,
    });
  const takeOver = async (everyLease: boolean): Promise<number> => {
    const lost = await store.takeOverLostLeases({ limit: SWEEP_BATCH, everyLease });
    await Promise.all(lost.map((attempt) => settleLost(attempt, options)));
    return lost.length;
  };
  const inBatches = async (signal: AbortSignal | undefined, batch: () => Promise<number>): Promise<void> => {
    while (signal?.aborted !== true && (await batch()) >= SWEEP_BATCH)
      await sleep(clock, BATCH_PAUSE_MS, signal);
  };

  return {
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, SWEEP_INTERVAL_MS * (0.9 + 0.2 * random()), signal);
        if (signal.aborted) return;
        try {
          await sweepOnce(signal);
        } catch (error) {
          if (isDatabaseAway(error)) logger.debug({ err: error }, 'the sweep waits for the database');
          else logger.error({ err: error }, 'the sweep failed');
        }
      }
    },
    takeOverEveryLease: () => inBatches(undefined, () => takeOver(true)),
  };
}

/** One row that cannot be settled must not keep the others from it; its new lease runs out in turn. */
async function settleLost(lost: LostAttempt, options: SweepOptions): Promise<void> {
  try {
    const settled = settledAsLost(lost, options.random);
    if (!(await options.store.settleAttempt(settled))) return;
    options.logger.warn(
      { ...taskDetails(lost), state: settled.settlement.state },
      'the lease was lost; the attempt is counted and the task taken over',
    );
    if (settled.settlement.state === 'pending') options.onPending(settled.settlement.delayMs);
  } catch (error) {
    options.logger.error({ ...taskDetails(lost), err: error }, 'a lost attempt could not be settled');
  }
}

function settledAsLost(lost: LostAttempt, random: () => number): SettledAttempt {
  const settlement = settlementOf(
    { kind: 'lease-lost' },
    {
      attemptsUsed: lost.attemptsUsed,
      retry: resolveRetryPolicy(lost.retry),
      sinceFirstClaimMs: lost.sinceFirstClaimMs,
      ...(lost.expiresInMs === undefined ? {} : { expiresInMs: lost.expiresInMs }),
      previousLeaseLost: lost.previousLeaseLost,
    },
    random,
  );
  return {
    seq: lost.seq,
    lease: lost.lease,
    settlement,
    attempt: { outcome: 'lease-lost', errorCode: 'lease-lost', durationMs: Math.round(lost.sinceClaimMs) },
  };
}
