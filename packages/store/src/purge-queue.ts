import type { Database } from './database/database.ts';
import { findQueue } from './statements/find-queue.ts';
import { planningByIndex } from './statements/plan-by-index.ts';
import { beginPurge, type PurgePosition, purgeTasks } from './statements/purge-tasks.ts';

/** Tasks that one statement of a purge cancels at most, so that it never takes long. */
const BATCH = 2000;

/**
 * Cancels every task of a queue that was pending at the beginning and still is, batch by batch; with `dryRun` only counts
 * them. Answers with how many; undefined when there is no such queue. Spec: QUE-030, QUE-031.
 */
export async function purgeQueue(
  database: Database,
  queue: string,
  { dryRun, batch = BATCH }: { dryRun: boolean; batch?: number },
): Promise<number | undefined> {
  const begin = await beginPurge(database);
  const found = await findQueue(database, queue);
  if (found === undefined || dryRun) return found?.pending;
  const walk = async (which: 'waiting' | 'parked'): Promise<number> => {
    let cancelled = 0;
    let from: PurgePosition | undefined;
    do {
      const position = from && { from };
      const step = await planningByIndex(database, (transaction) =>
        purgeTasks(transaction, which, { queue, begin, limit: batch, ...position }),
      );
      cancelled += step.cancelled;
      from = step.next;
    } while (from !== undefined);
    return cancelled;
  };
  let total = 0;
  // Tasks are parked and unparked meanwhile: a walk that finds nothing more is the end.
  for (;;) {
    const cancelled = (await walk('waiting')) + (await walk('parked'));
    if (cancelled === 0) return total;
    total += cancelled;
  }
}
