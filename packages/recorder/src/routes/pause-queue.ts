import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { toQueue } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { refuseQueue } from './refuse-queue.ts';

/** POST /v1/queues/{queue}/pause: nothing of it is claimed any more. */
export function pauseQueue(context: RecorderContext): OperationHandler<'pauseQueue'> {
  return async ({ path }): Promise<OperationAnswer<'pauseQueue'>> => {
    const refusal = refuseQueue(path.queue, ['queues'], context);
    if (refusal) return refusal;
    return { status: 200, body: toQueue(await context.store.putQueue(path.queue, { paused: true })) };
  };
}
