import { problem } from './problems.ts';
import type { ProblemAnswer } from './problems.ts';
import { show } from './validation/show.ts';

const TASK_ID = /^[A-Za-z0-9._~:-]{1,512}$/;

/** Whether a text can be the id of a task at all; what cannot is never looked up. */
export function isTaskId(id: string): boolean {
  return TASK_ID.test(id);
}

/** 404 for an id that no task has. */
export function taskNotFound(id: string): ProblemAnswer<'task-not-found'> {
  return problem('task-not-found', { detail: `expected the id of a task, got ${show(id)}` });
}
