import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { operateTask } from './operate-task.ts';

/** DELETE /v1/tasks/{id}: forgets a terminal task and its attempts. */
export function deleteTask({ store }: RecorderContext): OperationHandler<'deleteTask'> {
  return async ({ path }) => {
    const expected = 'a task that is completed, failed or cancelled (cancel it first)';
    const outcome = await operateTask(path.id, expected, (id) => store.deleteTask(id));
    return outcome.kind === 'refused' ? outcome.answer : { status: 204 };
  };
}
