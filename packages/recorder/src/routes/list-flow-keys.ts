import { encodeNameCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import { queueNotFound } from '../queue-name.ts';
import { toFlowKeyState } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { readNamedPage } from './read-page.ts';
import { refuseQueue } from './refuse-queue.ts';

/** GET /v1/queues/{queue}/flow-keys: flow keys by code point. */
export function listFlowKeys(context: RecorderContext): OperationHandler<'listFlowKeys'> {
  return async ({ path, query: { limit, cursor } }): Promise<OperationAnswer<'listFlowKeys'>> => {
    const page = readNamedPage(limit, cursor, context.limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    const refusal = refuseQueue(path.queue, ['flow-keys'], context);
    if (refusal) return refusal;
    const found = await context.store.listFlowKeys(path.queue, {
      limit: page.limit,
      ...(page.position !== undefined && { after: page.position }),
    });
    if (!found) return queueNotFound(path.queue);
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeNameCursor(found.next) };
    return { status: 200, body: { flowKeys: found.items.map(toFlowKeyState), ...nextCursor } };
  };
}
