import type { ProblemAnswer } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { isScheduleName, scheduleNotFound } from '../schedule-name.ts';
import { featureNotSupported } from './submit-task.ts';

/** What an operation on a schedule is refused for before the store is asked; undefined if for nothing. Spec: FEA-008. */
export function refuseSchedule(
  name: string,
  { features }: RecorderContext,
): ProblemAnswer<'feature-not-supported' | 'schedule-not-found'> | undefined {
  if (!features.includes('schedules')) return featureNotSupported('schedules');
  return isScheduleName(name) ? undefined : scheduleNotFound(name);
}
