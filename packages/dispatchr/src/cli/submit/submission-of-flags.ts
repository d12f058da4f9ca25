import type { Submission } from '@dispatchr/client';
import { givenOnly, taskOfFlags } from '../options/task-options.ts';
import type { TaskFlags } from '../options/task-options.ts';
import { UsageError } from '../usage-error.ts';

/** Flags of `dispatchr submit` that describe a task, as commander hands them over. */
export interface SubmissionFlags extends TaskFlags {
  id?: string;
  delay?: number;
  dueAt?: string;
  expiresAt?: string;
}

/** The members of a submission that flags give; throws a UsageError for a header that is none. */
export function submissionOfFlags(flags: SubmissionFlags): Partial<Submission> {
  const { id, delay, dueAt, expiresAt } = flags;
  return { ...taskOfFlags(flags), ...givenOnly<Submission>({ id, delayMs: delay, dueAt, expiresAt }) };
}

/** The members that neither flags nor a task on standard input may leave out. */
export function requireTargetAndName(task: Partial<Submission>): Submission {
  if (task.target === undefined || task.taskName === undefined) {
    const missing = task.target === undefined ? '--target' : '--name';
    throw new UsageError(
      `expected --target and --name, or - for tasks on standard input; ${missing} is missing`,
    );
  }
  return task as Submission;
}
