import { DatabaseUnavailableError, type TaskStore } from '@dispatchr/store';
import type { Clock } from './clock.ts';

/** The part of the store that the scheduler uses. */
export type SchedulerStore = Pick<TaskStore, (typeof CALLS)[number]>;

/** How long the database has answered writes without a break; a database that only reads renews nobody's lease. */
export interface Contact {
  /** Milliseconds between the first answer after the last break and the last one; 0 during a break. */
  unbrokenMs(): number;
}

/**
 * Milliseconds without an answer to a write that are a break, whether or not anything failed: a process that stood
 * still cannot know whether others reached the database. Shorter ones are none, however many calls fail, or leases
 * would never be taken over where connections are cut all the time: a lease that is renewed every 10 seconds has 8 of
 * its 30 left after a silence of 12. Spec: LEA-018.
 */
const MAX_SILENCE_MS = 12_000;

/** The same store, with every write watched for whether the database answers. */
export function watchContact(
  store: SchedulerStore,
  clock: Clock,
): { store: SchedulerStore; contact: Contact } {
  let sinceMs = -Infinity;
  let answeredMs = -Infinity;
  const isBroken = (): boolean => clock.monotonicMs() - answeredMs > MAX_SILENCE_MS;
  const noteAnswer = (): void => {
    if (isBroken()) sinceMs = clock.monotonicMs();
    answeredMs = clock.monotonicMs();
  };
  const answered = <R>(result: R): R => {
    noteAnswer();
    return result;
  };
  const refused = (error: unknown): never => {
    // A statement that is refused was answered.
    if (!isDatabaseAway(error)) noteAnswer();
    throw error;
  };
  const watch =
    <A extends unknown[], R>(write: (...args: A) => Promise<R>) =>
    (...args: A): Promise<R> =>
      write(...args).then(answered<R>, refused);
  const watched: SchedulerStore = {
    findDueLanes: (known) => store.findDueLanes(known),
    findDueFlowKeys: (searches) => store.findDueFlowKeys(searches),
    findRunRequests: (page) => store.findRunRequests(page),
    claimDueTasks: watch((claim) => store.claimDueTasks(claim)),
    claimFlowKeys: watch((claim) => store.claimFlowKeys(claim)),
    createGates: watch((missing) => store.createGates(missing)),
    removeIdleGates: watch((step) => store.removeIdleGates(step)),
    renewLeases: watch((leases) => store.renewLeases(leases)),
    settleAttempt: watch((settled) => store.settleAttempt(settled)),
    takeOverLostLeases: watch((sweep) => store.takeOverLostLeases(sweep)),
    expireTasks: watch((step) => store.expireTasks(step)),
    pruneTasks: watch((step) => store.pruneTasks(step)),
    findHeldTargets: () => store.findHeldTargets(),
    holdTarget: watch((hold) => store.holdTarget(hold)),
    openCircuit: watch((circuit) => store.openCircuit(circuit)),
    takeProbe: watch((probe) => store.takeProbe(probe)),
    keepProbe: watch((probe) => store.keepProbe(probe)),
    endProbe: watch((probe) => store.endProbe(probe)),
    removeEndedHolds: watch((ended) => store.removeEndedHolds(ended)),
    parkTasks: watch((step) => store.parkTasks(step)),
    unparkTasks: watch((step) => store.unparkTasks(step)),
    noteScheduler: watch((id) => store.noteScheduler(id)),
    forgetScheduler: watch((id) => store.forgetScheduler(id)),
    recordDueTicks: () => store.recordDueTicks(),
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
  'findDueFlowKeys',
  'findRunRequests',
  'claimDueTasks',
  'claimFlowKeys',
  'createGates',
  'removeIdleGates',
  'renewLeases',
  'settleAttempt',
  'takeOverLostLeases',
  'expireTasks',
  'pruneTasks',
  'findHeldTargets',
  'holdTarget',
  'openCircuit',
  'takeProbe',
  'keepProbe',
  'endProbe',
  'removeEndedHolds',
  'parkTasks',
  'unparkTasks',
  'noteScheduler',
  'forgetScheduler',
  'recordDueTicks',
] as const;
