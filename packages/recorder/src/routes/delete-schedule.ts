import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { scheduleNotFound } from '../schedule-name.ts';
import { refuseSchedule } from './refuse-schedule.ts';

/** DELETE /v1/schedules/{schedule}: it ticks no more; its tasks stay. */
export function deleteSchedule(context: RecorderContext): OperationHandler<'deleteSchedule'> {
  return async ({ path: { schedule: name } }): Promise<OperationAnswer<'deleteSchedule'>> => {
    const refusal = refuseSchedule(name, context);
    if (refusal) return refusal;
    return (await context.store.deleteSchedule(name)) ? { status: 204 } : scheduleNotFound(name);
  };
}
