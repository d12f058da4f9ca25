import { SWEEP_INTERVAL_MS } from '@dispatchr/lifecycle';
import { DatabaseUnavailableError, type TaskStore } from '@dispatchr/store';
import type { Clock } from './clock.ts';

/** The part of the store that the scheduler uses. */
export type SchedulerStore = Pick<TaskStore, (typeof CALLS)[number]>;

/** How long the database has answered without a break. */
export interface Contact {
  /** Milliseconds between the first answer after the last break and the last one; 0 during a break. */
  unbrokenMs(): number;
}

/**
 * Milliseconds without an answer that are a break, though nothing failed: a process that stood still, or waits for an
 * answer, cannot know whether others reached the database. A sweep asks every 5 seconds, so it takes two in a row.
 */
const MAX_SILENCE_MS = 2 * SWEEP_INTERVAL_MS;

/** The same store, with every call watched for whether the database is there. */
export function watchContact(
  store: SchedulerStore,
  clock: Clock,
): { store: SchedulerStore; contact: Contact } {
  let sinceMs = -Infinity;
  let answeredMs = -Infinity;
  const isBroken = (): boolean => clock.monotonicMs() - answeredMs > MAX_SILENCE_MS;
  const watch =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        const result = await call(...args);
        if (isBroken()) sinceMs = clock.monotonicMs();
        answeredMs = clock.monotonicMs();
        return result;
      } catch (error) {
        if (isDatabaseAway(error)) answeredMs = -Infinity;
        throw error;
      }
    };
  const watched: SchedulerStore = {
    findDueLanes: watch(() => store.findDueLanes()),
    claimDueTasks: watch((claim) => store.claimDueTasks(claim)),
    renewLeases: watch((leases) => store.renewLeases(leases)),
    settleAttempt: watch((settled) => store.settleAttempt(settled)),
    takeOverLostLeases: watch((sweep) => store.takeOverLostLeases(sweep)),
    expireTasks: watch((step) => store.expireTasks(step)),
    pruneTasks: watch((step) => store.pruneTasks(step)),
  };
  return {
    store: watched,
    contact: { unbrokenMs: () => (isBroken() ? 0 : answeredMs - sinceMs) },
  };
}

/** Whether an error says that the database cannot be reached for now, rather than that something is wrong. */
export function isDatabaseAway(error: unknown): error is DatabaseUnavailableError {
  return error instanceof DatabaseUnavailableError;
}

const CALLS = [
  'findDueLanes',
  'claimDueTasks',
  'renewLeases',
  'settleAttempt',
  'takeOverLostLeases',
  'expireTasks',
  'pruneTasks',
] as const;
