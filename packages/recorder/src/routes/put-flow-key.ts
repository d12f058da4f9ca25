import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest } from '../problems.ts';
import { toFlowKeyState } from '../queue-view.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { show } from '../validation/show.ts';
import { refuseQueue } from './refuse-queue.ts';

/** Characters, each of them a code point. Spec: the model FlowKey. */
// eslint-disable-next-line no-control-regex -- control characters are what it keeps out
const FLOW_KEY = /^[^\u0000-\u001f\u007f]{1,512}$/u;

/** PUT /v1/queues/{queue}/flow-keys/{flowKey}: changes the limits that are named. */
export function putFlowKey(context: RecorderContext): OperationHandler<'putFlowKey'> {
  return async ({ path, body }): Promise<OperationAnswer<'putFlowKey'>> => {
    const refusal = refuseQueue(path.queue, ['flow-keys'], context);
    if (refusal) return refusal;
    const { queue, flowKey } = path;
    if (!FLOW_KEY.test(flowKey)) {
      const expected = 'expected 1 to 512 characters, none of them a control character';
      return invalidRequest([{ parameter: 'flowKey', detail: `${expected}, got ${show(flowKey)}` }]);
    }
    return { status: 200, body: toFlowKeyState(await context.store.putFlowKey(queue, flowKey, body)) };
  };
}
