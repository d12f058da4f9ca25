import { encodeCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toTaskSummary } from '../task-view.ts';
import { toUtc } from '../validation/instant.ts';
import { readPage } from './read-page.ts';

/** GET /v1/tasks: tasks newest first. */
export function listTasks({ store, limits }: RecorderContext): OperationHandler<'listTasks'> {
  return async ({
    query: { limit, cursor, createdAfter, createdBefore, ...equal },
  }): Promise<OperationAnswer<'listTasks'>> => {
    const page = readPage(limit, cursor, limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    const filter = {
      ...equal,
      ...(createdAfter !== undefined && { createdAfter: toUtc(createdAfter) }),
      ...(createdBefore !== undefined && { createdBefore: toUtc(createdBefore) }),
    };
    const found = await store.listTasks(filter, {
      limit: page.limit,
      ...(page.position !== undefined && { before: page.position }),
    });
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeCursor(found.next) };
    return { status: 200, body: { tasks: found.tasks.map(toTaskSummary), ...nextCursor } };
  };
}
