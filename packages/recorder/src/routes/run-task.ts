import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { operateTask } from './operate-task.ts';

/** POST /v1/tasks/{id}/run: a pending task is due now. */
export function runTask({ store }: RecorderContext): OperationHandler<'runTask'> {
  return async ({ path }) => {
    const outcome = await operateTask(path.id, 'a task that is pending', (id) => store.runTask(id));
    return outcome.kind === 'refused' ? outcome.answer : { status: 200, body: outcome.task };
  };
}
