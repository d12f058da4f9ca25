import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { toQueue } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { featuresOfPut, refuseQueue } from './refuse-queue.ts';

/** PUT /v1/queues/{queue}: changes the settings that are named. */
export function putQueue(context: RecorderContext): OperationHandler<'putQueue'> {
  return async ({ path, body }): Promise<OperationAnswer<'putQueue'>> => {
    const refusal = refuseQueue(path.queue, featuresOfPut(body), context);
    if (refusal) return refusal;
    return { status: 200, body: toQueue(await context.store.putQueue(path.queue, body)) };
  };
}
