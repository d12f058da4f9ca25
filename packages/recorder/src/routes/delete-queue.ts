import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { problem } from '../problems.ts';
import { queueNotFound } from '../queue-name.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { refuseQueue } from './refuse-queue.ts';

/** DELETE /v1/queues/{queue}: forgets the settings of a queue without unfinished tasks. */
export function deleteQueue(context: RecorderContext): OperationHandler<'deleteQueue'> {
  return async ({ path }): Promise<OperationAnswer<'deleteQueue'>> => {
    const refusal = refuseQueue(path.queue, ['queues'], context);
    if (refusal) return refusal;
    const result = await context.store.deleteQueue(path.queue);
    switch (result.kind) {
      case 'deleted':
        return { status: 204 };
      case 'not-found':
        return queueNotFound(path.queue);
      case 'not-empty': {
        const detail = `expected a queue without unfinished tasks, got one with ${result.unfinished}`;
        return problem('queue-not-empty', { detail });
      }
    }
  };
}
