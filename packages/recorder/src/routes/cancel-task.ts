import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { operateTask } from './operate-task.ts';

/** POST /v1/tasks/{id}/cancel: 202 while an attempt is in flight, whose end then decides. */
export function cancelTask({ store }: RecorderContext): OperationHandler<'cancelTask'> {
  return async ({ path }) => {
    const expected = 'a task that is pending, running or cancelled';
    const outcome = await operateTask(path.id, expected, (id) => store.cancelTask(id));
    if (outcome.kind === 'refused') return outcome.answer;
    return { status: outcome.task.state === 'running' ? 202 : 200, body: outcome.task };
  };
}
