import type { ProblemError } from '@dispatchr/contract';
import { checkSubmission } from './check-submission.ts';
import type { SubmissionRules } from './check-submission.ts';

/** Errors of tasks that are reported for one batch; the rest waits for the next try. */
const MAX_ERRORS = 100;

/** What is wrong with a batch that its schema cannot say; pointers begin at the body. */
export function checkBatch(
  body: unknown,
  schemaErrors: readonly ProblemError[],
  rules: SubmissionRules,
): ProblemError[] {
  const tasks: unknown =
    typeof body === 'object' && body !== null && 'tasks' in body ? body.tasks : undefined;
  if (!Array.isArray(tasks)) return [];
  const { maxBatchTasks } = rules.limits;
  if (tasks.length > maxBatchTasks) {
    const isKnown = schemaErrors.some(({ pointer }) => pointer === '/tasks');
    return isKnown
      ? []
      : [{ pointer: '/tasks', detail: `expected at most ${maxBatchTasks} items, got ${tasks.length}` }];
  }
  return [...taskErrors(tasks, schemaErrors, rules), ...repeatedIds(tasks)];
}

function taskErrors(
  tasks: readonly unknown[],
  schemaErrors: readonly ProblemError[],
  rules: SubmissionRules,
): ProblemError[] {
  const known = relativeErrorsByTask(schemaErrors);
  const errors: ProblemError[] = [];
  for (const [index, task] of tasks.entries()) {
    if (typeof task !== 'object' || task === null) continue;
    const place = `/tasks/${index}`;
    const found = checkSubmission(task, known.get(String(index)) ?? [], rules);
    errors.push(...found.map(({ pointer, detail }) => ({ pointer: `${place}${pointer}`, detail })));
    if (errors.length >= MAX_ERRORS) break;
  }
  return errors;
}

/** The errors of each task by its index, their pointers beginning at the task. */
function relativeErrorsByTask(errors: readonly ProblemError[]): Map<string, ProblemError[]> {
  const byTask = new Map<string, ProblemError[]>();
  for (const { pointer = '', detail } of errors) {
    const [, , index = '', ...steps] = pointer.split('/');
    const error = { pointer: ['', ...steps].join('/'), detail };
    byTask.set(index, [...(byTask.get(index) ?? []), error]);
  }
  return byTask;
}

function repeatedIds(tasks: readonly unknown[]): ProblemError[] {
  const firstIndexes = new Map<string, number>();
  const errors: ProblemError[] = [];
  for (const [index, task] of tasks.entries()) {
    const id: unknown = typeof task === 'object' && task !== null && 'id' in task ? task.id : undefined;
    if (typeof id !== 'string') continue;
    const first = firstIndexes.get(id);
    if (first === undefined) firstIndexes.set(id, index);
    else
      errors.push({
        pointer: `/tasks/${index}/id`,
        detail: `expected each id once, got that of /tasks/${first} again`,
      });
  }
  return errors.slice(0, MAX_ERRORS);
}
