import type { OperationAnswer, OperationHandler } from '../operation-types.ts';

/** GET /livez: the process answers. */
export function getLiveness(): OperationHandler<'getLiveness'> {
  return async (): Promise<OperationAnswer<'getLiveness'>> => ({ status: 200, body: { status: 'ok' } });
}
