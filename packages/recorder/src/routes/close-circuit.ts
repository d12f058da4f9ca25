import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toTargetHealth } from '../target-view.ts';
import { featureNotSupported } from './submit-task.ts';

/** POST /v1/targets/close: an origin is healthy, and its URLs are let go. */
export function closeCircuit({ store, features }: RecorderContext): OperationHandler<'closeCircuit'> {
  return async ({ body }): Promise<OperationAnswer<'closeCircuit'>> => {
    if (!features.includes('target-health')) return featureNotSupported('target-health');
    return { status: 200, body: toTargetHealth(await store.closeCircuit(body.origin)) };
  };
}
