import { encodeNameCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toSchedule } from '../schedule-view.ts';
import { readNamedPage } from './read-page.ts';
import { featureNotSupported } from './submit-task.ts';

/** GET /v1/schedules: schedules by name. */
export function listSchedules({
  store,
  limits,
  features,
}: RecorderContext): OperationHandler<'listSchedules'> {
  return async ({ query: { limit, cursor } }): Promise<OperationAnswer<'listSchedules'>> => {
    if (!features.includes('schedules')) return featureNotSupported('schedules');
    const page = readNamedPage(limit, cursor, limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    const found = await store.listSchedules({
      limit: page.limit,
      ...(page.position !== undefined && { after: page.position }),
    });
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeNameCursor(found.next) };
    return { status: 200, body: { schedules: found.items.map(toSchedule), ...nextCursor } };
  };
}
