import { problem } from './problems.ts';
import type { ProblemAnswer } from './problems.ts';
import { show } from './validation/show.ts';

const SCHEDULE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,100}$/;

/** Whether a text can be the name of a schedule at all; what cannot is never looked up. */
export function isScheduleName(name: string): boolean {
  return SCHEDULE_NAME.test(name);
}

/** 404 for a name that no schedule has. */
export function scheduleNotFound(name: string): ProblemAnswer<'schedule-not-found'> {
  const expected = isScheduleName(name)
    ? 'the name of a schedule'
    : 'the name of a schedule, 1 to 100 letters, digits and characters of "._~-"';
  return problem('schedule-not-found', { detail: `expected ${expected}, got ${show(name)}` });
}
