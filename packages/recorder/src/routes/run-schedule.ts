import type { ScheduledTask } from '@dispatchr/contract';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { scheduleNotFound } from '../schedule-name.ts';
import { refuseSchedule } from './refuse-schedule.ts';
import { refuseTask, taskCreated } from './submit-task.ts';

/** POST /v1/schedules/{schedule}/run: submits its task now, beside its ticks. */
export function runSchedule(context: RecorderContext): OperationHandler<'runSchedule'> {
  return async ({ path: { schedule: name } }): Promise<OperationAnswer<'runSchedule'>> => {
    const { store, newId, onRecorded, prefix } = context;
    const refusal = refuseSchedule(name, context);
    if (refusal) return refusal;
    const schedule = await store.findSchedule(name);
    if (!schedule) return scheduleNotFound(name);
    // Policy and features may have changed since it was put.
    const blocked = refuseTask(JSON.parse(schedule.source) as ScheduledTask, context);
    if (blocked) return blocked;
    const task = await store.runSchedule(name, newId());
    if (!task) return scheduleNotFound(name);
    onRecorded([task]);
    return taskCreated(task, prefix);
  };
}
