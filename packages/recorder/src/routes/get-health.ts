import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';

/** GET /health: 200 only while the database answers. */
export function getHealth({ store }: RecorderContext): OperationHandler<'getHealth'> {
  return async (): Promise<OperationAnswer<'getHealth'>> => {
    await store.checkHealth();
    return { status: 200, body: { status: 'ok' } };
  };
}
