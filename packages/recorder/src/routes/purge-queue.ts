import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { queueNotFound } from '../queue-name.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { refuseQueue } from './refuse-queue.ts';

/** POST /v1/queues/{queue}/purge: cancels what is pending, or only counts it. */
export function purgeQueue(context: RecorderContext): OperationHandler<'purgeQueue'> {
  return async ({ path, body }): Promise<OperationAnswer<'purgeQueue'>> => {
    const refusal = refuseQueue(path.queue, ['queues'], context);
    if (refusal) return refusal;
    const cancelled = await context.store.purgeQueue(path.queue, { dryRun: body?.dryRun ?? false });
    return cancelled === undefined ? queueNotFound(path.queue) : { status: 200, body: { cancelled } };
  };
}
