import { encodeNameCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import { toQueue } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { readNamedPage } from './read-page.ts';
import { featureNotSupported } from './submit-task.ts';

/** GET /v1/queues: queues by name. */
export function listQueues({ store, limits, features }: RecorderContext): OperationHandler<'listQueues'> {
  return async ({ query: { limit, cursor } }): Promise<OperationAnswer<'listQueues'>> => {
    if (!features.includes('queues')) return featureNotSupported('queues');
    const page = readNamedPage(limit, cursor, limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    const found = await store.listQueues({
      limit: page.limit,
      ...(page.position !== undefined && { after: page.position }),
    });
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeNameCursor(found.next) };
    return { status: 200, body: { queues: found.items.map(toQueue), ...nextCursor } };
  };
}
