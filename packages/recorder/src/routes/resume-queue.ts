import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { toQueue } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { refuseQueue } from './refuse-queue.ts';

/** POST /v1/queues/{queue}/resume: it is claimed again. */
export function resumeQueue(context: RecorderContext): OperationHandler<'resumeQueue'> {
  return async ({ path }): Promise<OperationAnswer<'resumeQueue'>> => {
    const refusal = refuseQueue(path.queue, ['queues'], context);
    if (refusal) return refusal;
    return { status: 200, body: toQueue(await context.store.putQueue(path.queue, { paused: false })) };
  };
}
