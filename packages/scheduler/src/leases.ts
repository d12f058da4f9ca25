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
  /** Renews all leases; answers whether the database did so. */
  renew(): Promise<boolean>;
  /** Breaks off those of these attempts that are held here: somebody else has their lease. */
  giveUp(attempts: readonly { seq: number; attempt: number }[]): void;
  /** The numbers of all leases that are held. */
  numbers(): number[];
  /** Whether this attempt was held here until its lease was lost or its settle was given up. */
  wasHeld(attempt: { seq: number; attempt: number }): boolean;
}

/** Milliseconds before a failed renewal is tried again: others must see the renewal before they may sweep. */
const RENEWAL_RETRY_MS = 1000;

/** Attempts that are remembered after they were lost or given up: more than one look for unanswered claims brings. */
const MOST_REMEMBERED = 10_000;

/** Renews all leases in one call, and gives up the tasks whose lease stands no longer. */
export function createLeases(store: SchedulerStore, clock: Clock, logger: Logger): Leases {
  const held = new Map<number, HeldTask>();
  const unsettled = new Map<number, number>();

  const renew = async (): Promise<boolean> => {
    const asked = [...held.values()];
    try {
      const standing =
        asked.length === 0
          ? []
          : await store.renewLeases(asked.map(({ task: { seq, lease } }) => ({ seq, lease })));
      giveUpLost(asked, new Set(standing));
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
      if (!standing.has(lease) && held.get(lease) === task) lose(task);
    }
  };
  const remember = ({ task }: HeldTask): void => {
    const [oldest] = unsettled.keys();
    if (unsettled.size >= MOST_REMEMBERED && oldest !== undefined) unsettled.delete(oldest);
    unsettled.set(task.seq, task.attempt);
  };
  const lose = (task: HeldTask): void => {
    // One that is being settled has given its lease back by itself.
    if (task.settling) return;
    task.lost = true;
    task.delivery?.abort('lease-lost', 'the lease was lost');
  };
  return {
    hold: (task) => held.set(task.task.lease, task),
    drop(task) {
      held.delete(task.task.lease);
      if (task.lost || task.abandoned) remember(task);
    },
    async run(signal) {
      let pauseMs = LEASE_RENEWAL_MS;
      while (!signal.aborted) {
        await sleep(clock, pauseMs, signal);
        if (!signal.aborted) pauseMs = (await renew()) ? LEASE_RENEWAL_MS : RENEWAL_RETRY_MS;
      }
    },
    renew,
    giveUp(attempts) {
      if (attempts.length === 0) return;
      const gone = new Map(attempts.map(({ seq, attempt }) => [seq, attempt]));
      for (const task of held.values()) if (gone.get(task.task.seq) === task.task.attempt) lose(task);
    },
    numbers: () => [...held.keys()],
    wasHeld: ({ seq, attempt }) => unsettled.get(seq) === attempt,
  };
}
