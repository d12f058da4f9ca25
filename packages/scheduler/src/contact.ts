import { DatabaseUnavailableError, type TaskStore } from '@dispatchr/store';
import type { Clock } from './clock.ts';

/** The part of the store that the scheduler uses. */
export type SchedulerStore = Pick<TaskStore, (typeof CALLS)[number]>;

/** How long the database has answered without a break. */
export interface Contact {
  /** Milliseconds since the first answer after the last failure; 0 while there is none. */
  unbrokenMs(): number;
}

/** The same store, with every call watched for whether the database is there. */
export function watchContact(
  store: SchedulerStore,
  clock: Clock,
): { store: SchedulerStore; contact: Contact } {
  let sinceMs: number | undefined;
  const watch =
    <A extends unknown[], R>(call: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      try {
        const result = await call(...args);
        sinceMs ??= clock.monotonicMs();
        return result;
      } catch (error) {
        if (isDatabaseAway(error)) sinceMs = undefined;
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
    contact: { unbrokenMs: () => (sinceMs === undefined ? 0 : clock.monotonicMs() - sinceMs) },
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
