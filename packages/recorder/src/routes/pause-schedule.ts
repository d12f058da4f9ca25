import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { answerSchedule } from './answer-schedule.ts';

/** POST /v1/schedules/{schedule}/pause: its ticks are left out. */
export function pauseSchedule(context: RecorderContext): OperationHandler<'pauseSchedule'> {
  return ({ path }) => answerSchedule(path.schedule, context, (name) => context.store.pauseSchedule(name));
}
