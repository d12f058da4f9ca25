import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { answerSchedule } from './answer-schedule.ts';

/** POST /v1/schedules/{schedule}/resume: it ticks again from now on. */
export function resumeSchedule(context: RecorderContext): OperationHandler<'resumeSchedule'> {
  return ({ path }) => answerSchedule(path.schedule, context, (name) => context.store.resumeSchedule(name));
}
