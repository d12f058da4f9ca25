import { encodeCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { isTaskId, taskNotFound } from '../task-id.ts';
import { toAttempt } from '../task-view.ts';
import { readPage } from './read-page.ts';

/** GET /v1/tasks/{id}/attempts: the attempts that ended, oldest first. */
export function listAttempts({ store, limits }: RecorderContext): OperationHandler<'listAttempts'> {
  return async ({ path, query: { limit, cursor } }): Promise<OperationAnswer<'listAttempts'>> => {
    const page = readPage(limit, cursor, limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    if (!isTaskId(path.id)) return taskNotFound(path.id);
    const found = await store.listAttempts(path.id, {
      limit: page.limit,
      ...(page.position !== undefined && { after: page.position }),
    });
    if (!found) return taskNotFound(path.id);
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeCursor(found.next) };
    return { status: 200, body: { attempts: found.attempts.map(toAttempt), ...nextCursor } };
  };
}
