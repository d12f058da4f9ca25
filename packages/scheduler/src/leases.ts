import { LEASE_RENEWAL_MS } from '@dispatchr/lifecycle';
import { sleep, type Clock } from './clock.ts';
import type { SchedulerStore } from './contact.ts';
import type { HeldTask } from './held-task.ts';
import type { Logger } from './logger.ts';

/** Keeps the leases of the tasks that this process holds. */
export interface Leases {
  hold(held: HeldTask): void;
  drop(held: HeldTask): void;
  /** Renews until `signal` aborts; resolves then. */
  run(signal: AbortSignal): Promise<void>;
  /** Whether all leases are renewed recently; renews them if not. */
  areRenewed(): Promise<boolean>;
}

/** Milliseconds before a failed renewal is tried again: others must see the renewal before they may sweep. */
const RENEWAL_RETRY_MS = 1000;

/** Renews all leases in one call, and gives up the tasks whose lease stands no longer. */
export function createLeases(store: SchedulerStore, clock: Clock, logger: Logger): Leases {
  const held = new Map<number, HeldTask>();
  let renewedMs = -Infinity;

  const renew = async (): Promise<boolean> => {
    const startedMs = clock.monotonicMs();
    const asked = [...held.values()];
    try {
      const standing =
        asked.length === 0
          ? []
          : await store.renewLeases(asked.map(({ task: { seq, lease } }) => ({ seq, lease })));
      giveUpLost(asked, new Set(standing));
      renewedMs = startedMs;
      return true;
    } catch (error) {
      // Says nothing about the leases: requests go on, and each settles if its row still carries its lease.
      logger.warn({ err: error, leases: asked.length }, 'the leases could not be renewed');
      return false;
    }
  };
  const giveUpLost = (asked: readonly HeldTask[], standing: ReadonlySet<number>): void => {
    for (const task of asked) {
      const { lease } = task.task;
      // One that ended meanwhile, or is being settled, has given its lease back by itself.
      if (standing.has(lease) || task.settling || held.get(lease) !== task) continue;
      task.lost = true;
      task.delivery?.abort('lease-lost', 'the lease was lost');
    }
  };
  return {
    hold: (task) => held.set(task.task.lease, task),
    drop: (task) => held.delete(task.task.lease),
    async run(signal) {
      let pauseMs = LEASE_RENEWAL_MS;
      while (!signal.aborted) {
        await sleep(clock, pauseMs, signal);
        if (!signal.aborted) pauseMs = (await renew()) ? LEASE_RENEWAL_MS : RENEWAL_RETRY_MS;
      }
    },
    areRenewed: async () => clock.monotonicMs() - renewedMs < LEASE_RENEWAL_MS || renew(),
  };
}
