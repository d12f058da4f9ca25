import { DEFAULTS } from '@dispatchr/contract';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toSchedule } from '../schedule-view.ts';
import { toScheduledTask } from '../submission/new-task.ts';
import { refuseSchedule } from './refuse-schedule.ts';
import { refuseTask } from './submit-task.ts';

/** PUT /v1/schedules/{schedule}: the schedule is as the body says, with defaults for what it leaves out. */
export function putSchedule(context: RecorderContext): OperationHandler<'putSchedule'> {
  return async ({ path, body, sourceOf }): Promise<OperationAnswer<'putSchedule'>> => {
    const refusal = refuseSchedule(path.schedule, context) ?? refuseTask(body.task, context, '/task');
    if (refusal) return refusal;
    const { task, ...settings } = body;
    const schedule = await context.store.putSchedule(path.schedule, {
      ...DEFAULTS.schedule,
      ...settings,
      source: sourceOf(task),
      task: toScheduledTask(task),
    });
    return { status: 200, body: toSchedule(schedule) };
  };
}
