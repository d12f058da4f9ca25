import { DEFAULTS } from '@dispatchr/contract';
import type { ProblemError, SchedulePut } from '@dispatchr/contract';
import { parseCron } from '@dispatchr/lifecycle';
import { checkSubmission } from './check-submission.ts';
import type { SubmissionRules } from './check-submission.ts';

/** What is wrong with a put of a schedule that its schema cannot say. Spec: SCH-011, SCH-012. */
export function checkSchedulePut(
  put: object,
  schemaErrors: readonly ProblemError[],
  rules: SubmissionRules,
): ProblemError[] {
  const wrong = new Set(schemaErrors.map(({ pointer }) => pointer?.split('/')[1]));
  const { cron, timeZone = DEFAULTS.schedule.timeZone, task } = put as Partial<SchedulePut>;
  const canBeRead = cron !== undefined && !wrong.has('cron') && !wrong.has('timeZone');
  return [
    ...(canBeRead ? checkCron(cron, timeZone) : []),
    ...(typeof task === 'object' && task !== null ? checkTask(task, schemaErrors, rules) : []),
  ];
}

function checkCron(cron: string, timeZone: string): ProblemError[] {
  const parsed = parseCron(cron, timeZone);
  return parsed.kind === 'schedule' ? [] : [{ pointer: `/${parsed.member}`, detail: parsed.detail }];
}

/** As a submit of it would be checked; pointers of errors begin at the put. */
function checkTask(
  task: object,
  schemaErrors: readonly ProblemError[],
  rules: SubmissionRules,
): ProblemError[] {
  const known = schemaErrors
    .filter(({ pointer }) => pointer?.startsWith('/task/'))
    .map((error) => ({ ...error, pointer: error.pointer?.slice('/task'.length) }));
  return checkSubmission(task, known as ProblemError[], rules).map((error) => ({
    ...error,
    pointer: `/task${error.pointer}`,
  }));
}
