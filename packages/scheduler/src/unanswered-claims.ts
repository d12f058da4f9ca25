import type { LostAttempt } from '@dispatchr/store';
import type { Clock } from './clock.ts';
import type { SchedulerStore } from './contact.ts';
import type { Leases } from './leases.ts';
import { settledLostAttempt } from './lost-attempt.ts';
import type { Logger } from './logger.ts';
import type { Settler } from './settle.ts';

/**
 * Takes back the tasks of claims that failed here and were committed all the same: their rows run, and nobody holds
 * them. Left alone they would wait for their lease to run out and lose an attempt that was never made.
 */
export interface UnansweredClaims {
  /** A claim failed: it may be committed, or be committed yet. */
  note(): void;
  /** Milliseconds until the next look, 0 when it is due, Infinity when none is needed. */
  nextLookInMs(): number;
  /**
   * Releases what such claims brought, if a look is due; a look that fails rejects and stays due.
   * Never while a claim is under way, whose leases are not held yet.
   */
  look(): Promise<void>;
  /** One last look if any is needed; resolves when all is released or given up, and never rejects. */
  finish(): Promise<void>;
}

/** What `createUnansweredClaims` needs. */
export interface UnansweredClaimsOptions {
  store: SchedulerStore;
  leases: Leases;
  settler: Settler;
  clock: Clock;
  random: () => number;
  logger: Logger;
  schedulerId: string;
}

/** How long a claim that failed may be committed late, in milliseconds: past it the lease has run out anyway. */
const LATE_COMMIT_MS = 60_000;

/** Milliseconds between two looks for claims that were committed late. */
const LOOK_INTERVAL_MS = 5000;

/** Rows per look. */
const LOOK_BATCH = 1000;

/** The unanswered claims of one scheduler. */
export function createUnansweredClaims(options: UnansweredClaimsOptions): UnansweredClaims {
  const { store, leases, settler, clock, random, logger, schedulerId } = options;
  const releasing = new Map<number, Promise<unknown>>();
  let lookAtMs = Infinity;
  let untilMs = -Infinity;

  const release = (lost: LostAttempt): void => {
    // What was held and not settled may have reached its target: it is not as if it never was.
    const outcome = leases.wasHeld(lost) ? 'lease-lost' : 'released';
    const settled = settler
      .settle(lost, settledLostAttempt(lost, outcome, random))
      .finally(() => releasing.delete(lost.lease));
    releasing.set(lost.lease, settled);
  };
  const takeBack = async (): Promise<number> => {
    const { asOf } = await store.findDueLanes();
    if (asOf === undefined) return 0;
    const exceptLeases = [...leases.numbers(), ...releasing.keys()];
    const whose = { scheduler: schedulerId, exceptLeases, claimedUntil: asOf };
    const lost = await store.takeOverLostLeases({ limit: LOOK_BATCH, whose });
    for (const attempt of lost) release(attempt);
    return lost.length;
  };
  const takeBackAll = async (): Promise<void> => {
    const startedMs = clock.monotonicMs();
    let tasks = 0;
    try {
      for (let taken = LOOK_BATCH; taken >= LOOK_BATCH; tasks += taken) taken = await takeBack();
    } finally {
      if (tasks > 0) logger.warn({ tasks }, 'the answer to a claim was lost; its tasks are released');
    }
    lookAtMs = startedMs < untilMs ? clock.monotonicMs() + LOOK_INTERVAL_MS : Infinity;
  };
  return {
    note() {
      lookAtMs = clock.monotonicMs();
      untilMs = lookAtMs + LATE_COMMIT_MS;
    },
    nextLookInMs: () => Math.max(0, lookAtMs - clock.monotonicMs()),
    async look() {
      if (clock.monotonicMs() >= lookAtMs) await takeBackAll();
    },
    async finish() {
      try {
        if (lookAtMs < Infinity) await takeBackAll();
      } catch (error) {
        logger.warn({ err: error }, 'a claim may have been committed; its leases will run out');
      }
      await Promise.all(releasing.values());
    },
  };
}
