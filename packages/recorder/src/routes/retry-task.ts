import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { operateTask } from './operate-task.ts';

/** POST /v1/tasks/{id}/retry: a terminal task is due now, with a new budget. */
export function retryTask({ store }: RecorderContext): OperationHandler<'retryTask'> {
  return async ({ path }) => {
    const expected = 'a task that is completed, failed or cancelled';
    const outcome = await operateTask(path.id, expected, (id) => store.retryTask(id));
    return outcome.kind === 'refused' ? outcome.answer : { status: 200, body: outcome.task };
  };
}
