import type { Schedule } from '@dispatchr/contract';
import type { ScheduleRecord } from '@dispatchr/store';
import type { ProblemAnswer } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { scheduleNotFound } from '../schedule-name.ts';
import { toSchedule } from '../schedule-view.ts';
import { refuseSchedule } from './refuse-schedule.ts';

/** Answers with the schedule that one of the store's operations finds by its name. */
export async function answerSchedule(
  name: string,
  context: RecorderContext,
  find: (name: string) => Promise<ScheduleRecord | undefined>,
): Promise<{ status: 200; body: Schedule } | ProblemAnswer<'feature-not-supported' | 'schedule-not-found'>> {
  const refusal = refuseSchedule(name, context);
  if (refusal) return refusal;
  const schedule = await find(name);
  return schedule ? { status: 200, body: toSchedule(schedule) } : scheduleNotFound(name);
}
