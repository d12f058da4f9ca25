import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { isTaskId, taskNotFound } from '../task-id.ts';
import { toTask } from '../task-view.ts';

/** GET /v1/tasks/{id}: a task with its content and, while it is pending, why it waits. */
export function getTask({ store }: RecorderContext): OperationHandler<'getTask'> {
  return async ({ path }) => {
    const found = isTaskId(path.id) ? await store.findTask(path.id) : undefined;
    return found ? { status: 200, body: toTask(found) } : taskNotFound(path.id);
  };
}
