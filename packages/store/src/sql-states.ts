import { FAILURE_REASONS, TASK_STATES, type TaskReason, type TaskState } from '@dispatchr/contract';
import { type SQL, sql } from './drizzle.ts';

/** The states of a task as SQL literals: part of a statement's text, so that partial indexes serve it. */
export const STATE = literals<TaskState>(TASK_STATES);

/** The reasons of a failure as SQL literals. */
export const REASON = literals<TaskReason>(FAILURE_REASONS);

function literals<Name extends string>(names: readonly Name[]): Record<Name, SQL> {
  return Object.fromEntries(names.map((name) => [name, sql.raw(`'${name}'`)])) as Record<Name, SQL>;
}
