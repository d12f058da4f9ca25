import { DEFAULT_WEIGHTS, flowLimitsOf, isLimited, type Limits } from '@dispatchr/lifecycle';
import { type Database, DatabaseUnavailableError, type Queryable } from './database/database.ts';
import { sqlstateOf } from './database/unavailable.ts';
import { present } from './decode-row.ts';
import type { ChangeOf, FlowKeyRecord, QueueRecord, QueueSettings } from './queue-record.ts';
import { bringRatesForward } from './statements/bring-rates-forward.ts';
import { countRunningInFlowKeys, countRunningInQueue } from './statements/count-running-tasks.ts';
import { createGates } from './statements/create-gates.ts';
import { deleteQueueSettings, lockQueue } from './statements/delete-queue.ts';
import { findFlowKeyLimits } from './statements/find-flow-key-limits.ts';
import { findQueue } from './statements/find-queue.ts';
import { findFlowKey } from './statements/list-flow-keys.ts';
import { lockQueueSettings } from './statements/lock-queue-settings.ts';
import { limitLockWait, stopClaims } from './statements/stop-claims.ts';
import { writeFlowKeyLimits } from './statements/write-flow-key-limits.ts';
import { writeQueueSettings } from './statements/write-queue-settings.ts';

/** What became of the delete of a queue. */
export type DeleteQueueResult =
  | { readonly kind: 'deleted' }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'not-empty'; readonly unfinished: number };

/** Changes settings of a queue, which need not exist. Spec: QUE-010. */
export async function putQueue(
  database: Database,
  name: string,
  change: ChangeOf<QueueSettings>,
): Promise<QueueRecord> {
  await inOneChange(database, async (transaction) => {
    const before = await lockQueueSettings(transaction, name);
    const after: QueueSettings = { paused: false, ...changed(before, change) };
    await countWhatRuns(transaction, name, before, after);
    await writeQueueSettings(transaction, name, after);
    if (isLimited(after)) await createGates(transaction, [{ queue: name, flowKey: '' }]);
    if (change.rateLimit) await bringRatesForward(transaction, name, '', change.rateLimit);
    const rateOfFlowKeys = change.flowLimits?.rateLimit;
    if (rateOfFlowKeys) await bringRatesForward(transaction, name, undefined, rateOfFlowKeys);
  });
  // It may be gone again by now.
  return (await findQueue(database, name)) ?? { name, paused: false, pending: 0, due: 0, running: 0 };
}

/** Changes limits of a flow key, which need not exist. Spec: FLO-010, FLO-011. */
export async function putFlowKey(
  database: Database,
  queue: string,
  flowKey: string,
  change: ChangeOf<Limits>,
): Promise<FlowKeyRecord> {
  await inOneChange(database, async (transaction) => {
    const { flowLimits = {} } = await lockQueueSettings(transaction, queue);
    const own = await findFlowKeyLimits(transaction, queue, flowKey);
    const ownAfter = changed(own, change);
    const before = flowLimitsOf(own, flowLimits);
    const after = flowLimitsOf(ownAfter, flowLimits);
    if (limitsConcurrencyAnew(before, after)) {
      await stopClaims(transaction);
      await countRunningInFlowKeys(transaction, queue, flowKey);
    }
    await writeFlowKeyLimits(transaction, queue, flowKey, ownAfter);
    if (change.rateLimit !== undefined && after.rateLimit)
      await bringRatesForward(transaction, queue, flowKey, after.rateLimit);
  });
  return findFlowKey(database, queue, flowKey);
}

/** Forgets the settings of a queue that has no unfinished task, and of its flow keys. Spec: QUE-040, QUE-041. */
export async function deleteQueue(database: Database, name: string): Promise<DeleteQueueResult> {
  const { unfinished, hadSettings } = await inOneChange(database, async (transaction) => {
    await lockQueue(transaction, name);
    return deleteQueueSettings(transaction, name);
  });
  if (unfinished > 0) return { kind: 'not-empty', unfinished };
  return { kind: hadSettings || DEFAULT_WEIGHTS.has(name) ? 'deleted' : 'not-found' };
}

/**
 * A limit that comes has to count what is running already: claims are stopped for as long as that takes, so that none
 * slips through uncounted. Those that were prepared under the settings before find another version of them.
 */
async function countWhatRuns(
  transaction: Queryable,
  queue: string,
  before: QueueSettings,
  after: QueueSettings,
): Promise<void> {
  const ofQueue = limitsConcurrencyAnew(before, after);
  const ofFlowKeys = limitsConcurrencyAnew(before.flowLimits ?? {}, after.flowLimits ?? {});
  if (!ofQueue && !ofFlowKeys) return;
  await stopClaims(transaction);
  if (ofQueue) await countRunningInQueue(transaction, queue);
  if (ofFlowKeys) await countRunningInFlowKeys(transaction, queue);
}

function limitsConcurrencyAnew(before: Limits, after: Limits): boolean {
  return before.maxConcurrency === undefined && after.maxConcurrency !== undefined;
}

/** What is absent in a change stays, null takes the member away. */
function changed<T extends object>(before: T, change: ChangeOf<T>): { [K in keyof T]?: NonNullable<T[K]> } {
  const given = Object.entries(change).filter(([, value]) => value !== undefined);
  return present({ ...before, ...(Object.fromEntries(given) as Partial<T>) });
}

/**
 * Milliseconds that a change waits for a lock, one try after the other. All who write tasks wait behind it, so it gives up
 * soon; the last try outlasts the second after which PostgreSQL ends an autovacuum in its way (`deadlock_timeout`).
 */
const LOCK_WAITS_MS: readonly number[] = [500, 1500];

/** The SQLSTATE `lock_not_available`. */
const LOCK_NOT_AVAILABLE = '55P03';

async function inOneChange<T>(
  database: Database,
  change: (transaction: Queryable) => Promise<T>,
): Promise<T> {
  let cause: unknown;
  for (const waitMs of LOCK_WAITS_MS) {
    try {
      return await database.transaction('read', async (transaction) => {
        await limitLockWait(transaction, waitMs);
        return change(transaction);
      });
    } catch (error) {
      if (!isLockTaken(error)) throw error;
      cause = error;
    }
  }
  throw new DatabaseUnavailableError(
    'nothing was changed: the tasks that are running could not be counted in time',
    {
      cause,
    },
  );
}

function isLockTaken(error: unknown): boolean {
  return error instanceof DatabaseUnavailableError && sqlstateOf(error.cause) === LOCK_NOT_AVAILABLE;
}
