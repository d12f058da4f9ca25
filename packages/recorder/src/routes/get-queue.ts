import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { queueNotFound } from '../queue-name.ts';
import { toQueue } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { refuseQueue } from './refuse-queue.ts';

/** GET /v1/queues/{queue}: settings and live counts. */
export function getQueue(context: RecorderContext): OperationHandler<'getQueue'> {
  return async ({ path }): Promise<OperationAnswer<'getQueue'>> => {
    const refusal = refuseQueue(path.queue, ['queues'], context);
    if (refusal) return refusal;
    const queue = await context.store.findQueue(path.queue);
    return queue ? { status: 200, body: toQueue(queue) } : queueNotFound(path.queue);
  };
}
