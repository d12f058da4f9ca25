import {
  DatabaseUnavailableError,
  type ClaimedTask,
  type ClaimLimits,
  type DueQueue,
  type LostAttempt,
  type QueueShare,
  type SettledAttempt,
  type TickReport,
} from '@dispatchr/store';
import type { SchedulerStore } from '../contact.ts';
import { claimedTask } from './claimed-task.ts';
import { createFakeHeldTargets, type FakeHeldTargets } from './fake-held-targets.ts';

/** What a scheduler's test needs of a store: tasks that are due, a database that can go away, and a record. */
export interface FakeStore extends SchedulerStore, FakeHeldTargets {
  readonly kind: 'postgres' | 'embedded';
  /** Tasks that are due, in the order in which they are claimed. */
  due: ClaimedTask[];
  /** Every settlement that was written. */
  settled: SettledAttempt[];
  /** Names of all calls, in order. */
  calls: string[];
  /** What `takeOverLostLeases` answers with next. */
  lost: LostAttempt[];
  /** Running tasks of this scheduler, each taken back by it until settled unless it holds that lease. */
  unheld: LostAttempt[];
  /** Leases that no longer stand. */
  lostLeases: Set<number>;
  /** Whether every call fails as it does while the database is away. */
  away: boolean;
  nextDueInMs: number | undefined;
  /** Answers of `pruneTasks`, then 0. */
  prunes: number[];
  /** Answers of `recordDueTicks`, then nothing due. */
  ticks: Partial<TickReport>[];
  /** Replaces the next call of this name. */
  intercept: Partial<Record<string, () => Promise<unknown>>>;
  wake: () => void;
  onDue(wake: () => void): Promise<() => Promise<void>>;
}

/** A store that keeps its tasks in memory, for one scheduler. */
export function createFakeStore(kind: 'postgres' | 'embedded' = 'postgres'): FakeStore {
  const call = async <T>(name: string, answer: () => T): Promise<T> => {
    store.calls.push(name);
    const intercepted = store.intercept[name];
    if (intercepted !== undefined) {
      delete store.intercept[name];
      return (await intercepted()) as T;
    }
    if (store.away) throw new DatabaseUnavailableError('the database is away');
    return answer();
  };
  const store: FakeStore = {
    kind,
    due: [],
    settled: [],
    calls: [],
    lost: [],
    unheld: [],
    lostLeases: new Set(),
    away: false,
    nextDueInMs: undefined,
    held: { targets: [], hasParked: false },
    targetWrites: [],
    prunes: [],
    ticks: [],
    intercept: {},
    wake: () => {},
    findDueLanes: () =>
      call('findDueLanes', () => {
        const { nextDueInMs } = store;
        const look = { queues: dueQueues(store.due), lanes: [], hasRunRequests: false, asOf: new Date(0) };
        return nextDueInMs === undefined ? look : { ...look, nextDueInMs };
      }),
    // Every flow key together is one: who takes turns is for the database's tests to show.
    findDueFlowKeys: (searches) =>
      call('findDueFlowKeys', () =>
        searches.map(({ queue }) => ({
          queue,
          flowKeys: [{ queue, flowKey: 'any', ownLimits: {}, count: undefined }],
        })),
      ),
    findRunRequests: () => call('findRunRequests', () => []),
    createGates: () => call('createGates', () => undefined),
    removeIdleGates: () => call('removeIdleGates', () => 0),
    claimDueTasks: (claim) => call('claimDueTasks', () => take(store, claim.queues, claim)),
    claimFlowKeys: (claim) => call('claimFlowKeys', () => take(store, claim.shares, claim)),
    renewLeases: (leases) =>
      call('renewLeases', () =>
        leases.map(({ lease }) => lease).filter((lease) => !store.lostLeases.has(lease)),
      ),
    settleAttempt: (settled) =>
      call('settleAttempt', () => {
        if (store.lostLeases.has(settled.lease)) return false;
        store.settled.push(settled);
        store.unheld = store.unheld.filter(({ lease }) => lease !== settled.lease);
        return true;
      }),
    takeOverLostLeases: ({ limit, whose }) => {
      if (typeof whose === 'object') {
        return call('takeBackUnheld', () =>
          store.unheld.filter(({ lease }) => !whose.exceptLeases.includes(lease)).slice(0, limit),
        );
      }
      return call(whose === 'every' ? 'takeOverEveryLease' : 'takeOverLostLeases', () =>
        store.lost.splice(0, limit),
      );
    },
    expireTasks: () => call('expireTasks', () => 0),
    pruneTasks: () => call('pruneTasks', () => store.prunes.shift() ?? 0),
    recordDueTicks: () =>
      call('recordDueTicks', () => ({ handled: 0, failures: [], ...store.ticks.shift() })),
    ...createFakeHeldTargets(() => store, call),
    onDue: (wake) =>
      call('onDue', () => {
        store.wake = wake;
        return async () => void (store.wake = () => {});
      }),
  };
  return store;
}

function dueQueues(tasks: readonly ClaimedTask[]): DueQueue[] {
  const priorities = Map.groupBy(tasks, ({ queue }) => queue);
  return [...priorities].map(([queue, due]) => ({
    queue,
    priorities: [...new Set(due.map(({ priority }) => priority))].toSorted((a, b) => b - a),
    version: '',
    settings: { paused: false },
    count: undefined,
    hasLimitedFlowKeys: false,
  }));
}

/** So many due tasks, with leases 1, 2, 3 … */
export function dueTasks(count: number, members: Partial<ClaimedTask> = {}): ClaimedTask[] {
  return Array.from({ length: count }, (_, index) =>
    claimedTask({ seq: index + 1, lease: index + 1, id: `task-${index + 1}`, ...members }),
  );
}

/** Claims of what is due in a store as much as the quotas and the limits of origins leave. */
function take(
  store: FakeStore,
  shares: readonly QueueShare[],
  { exceptOrigins, originLimits, otherOriginLimit }: ClaimLimits,
): ClaimedTask[] {
  const limits = new Map(originLimits.map(({ origin, limit }) => [origin, limit]));
  const taken = shares
    .flatMap(({ queue, quota, priorities }) => {
      const ofQueue = store.due.filter(
        (task) => task.queue === queue && !exceptOrigins.includes(task.origin),
      );
      return priorities
        .flatMap((priority) => ofQueue.filter((task) => task.priority === priority))
        .slice(0, quota);
    })
    .filter(({ origin }) => {
      const left = limits.get(origin) ?? otherOriginLimit;
      limits.set(origin, left - 1);
      return left > 0;
    });
  store.due = store.due.filter((task) => !taken.includes(task));
  return taken;
}
