import { encodeNameCursor } from '../cursor.ts';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toTargetHealth } from '../target-view.ts';
import { readNamedPage } from './read-page.ts';
import { featureNotSupported } from './submit-task.ts';

/** GET /v1/targets: origins that are not healthy, have a URL held back or an attempt in flight, by name. */
export function listTargets({ store, limits, features }: RecorderContext): OperationHandler<'listTargets'> {
  return async ({ query: { limit, cursor, origin } }): Promise<OperationAnswer<'listTargets'>> => {
    if (!features.includes('target-health')) return featureNotSupported('target-health');
    const page = readNamedPage(limit, cursor, limits);
    if (page.kind === 'invalid') return invalidRequest(page.errors);
    const found = await store.listTargets({
      limit: page.limit,
      ...(page.position !== undefined && { after: page.position }),
      ...(origin !== undefined && { origin }),
    });
    const nextCursor = found.next === undefined ? {} : { nextCursor: encodeNameCursor(found.next) };
    return { status: 200, body: { targets: found.items.map(toTargetHealth), ...nextCursor } };
  };
}
