import type { Limits } from '@dispatchr/lifecycle';
import { type DeleteQueueResult, deleteQueue, putFlowKey, putQueue } from './change-queue.ts';
import type { Database } from './database/database.ts';
import { purgeQueue } from './purge-queue.ts';
import type {
  ChangeOf,
  FlowKeyRecord,
  NamedPage,
  NamedPageRequest,
  QueueRecord,
  QueueSettings,
} from './queue-record.ts';
import { findQueue } from './statements/find-queue.ts';
import { listFlowKeys } from './statements/list-flow-keys.ts';
import { listQueues } from './statements/list-queues.ts';
import { planningByIndex } from './statements/plan-by-index.ts';
import { toNamedPage } from './to-named-page.ts';

/** Queues and their flow keys: what is set of them, and what is in them. */
export interface QueueStore {
  listQueues(page: NamedPageRequest): Promise<NamedPage<QueueRecord>>;
  /** Finds a queue; undefined when it has neither settings nor an unfinished task and is none of those that always are. */
  findQueue(name: string): Promise<QueueRecord | undefined>;
  /** Changes settings of a queue, which need not exist; `rateLimit` and `flowLimits` are replaced as a whole. */
  putQueue(name: string, change: ChangeOf<QueueSettings>): Promise<QueueRecord>;
  /** Cancels what is pending in a queue, or only counts it; undefined when there is no such queue. */
  purgeQueue(name: string, options: { dryRun: boolean }): Promise<number | undefined>;
  deleteQueue(name: string): Promise<DeleteQueueResult>;
  /** Lists the flow keys of a queue; undefined when there is no such queue. */
  listFlowKeys(queue: string, page: NamedPageRequest): Promise<NamedPage<FlowKeyRecord> | undefined>;
  /** Changes limits of a flow key, which need not exist. */
  putFlowKey(queue: string, flowKey: string, change: ChangeOf<Limits>): Promise<FlowKeyRecord>;
}

/**
 * Makes the part of the store that is about queues.
 *
 * @param announcing - tells schedulers to look again once a change is done.
 */
export function createQueueStore(
  database: Database,
  announcing: <T>(change: Promise<T>) => Promise<T>,
): QueueStore {
  return {
    listQueues: async ({ limit, after = '' }) =>
      toNamedPage(await listQueues(database, { limit: limit + 1, after }), limit, ({ name }) => name),
    findQueue: (name) => findQueue(database, name),
    putQueue: (name, change) => announcing(putQueue(database, name, change)),
    purgeQueue: (name, options) => purgeQueue(database, name, options),
    deleteQueue: (name) => announcing(deleteQueue(database, name)),
    listFlowKeys: async (queue, { limit, after = '' }) => {
      const found = await planningByIndex(database, (transaction) =>
        listFlowKeys(transaction, queue, { limit: limit + 1, after }),
      );
      if (found.length === 0 && (await findQueue(database, queue)) === undefined) return undefined;
      return toNamedPage(found, limit, ({ flowKey }) => flowKey);
    },
    putFlowKey: (queue, flowKey, change) => announcing(putFlowKey(database, queue, flowKey, change)),
  };
}
