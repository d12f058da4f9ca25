import type { OperationHandler } from '../operation-types.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { answerSchedule } from './answer-schedule.ts';

/** GET /v1/schedules/{schedule}: when it ticks, and what it submits. */
export function getSchedule(context: RecorderContext): OperationHandler<'getSchedule'> {
  return ({ path }) => answerSchedule(path.schedule, context, (name) => context.store.findSchedule(name));
}
