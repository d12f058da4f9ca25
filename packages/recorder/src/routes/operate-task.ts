import type { TaskState, TaskSummary } from '@dispatchr/contract';
import type { OperationResult } from '@dispatchr/store';
import { problem } from '../problems.ts';
import type { ProblemAnswer } from '../problems.ts';
import { isTaskId, taskNotFound } from '../task-id.ts';
import { toTaskSummary } from '../task-view.ts';

/** What came of an operation on a task: the task as it then is, or the problem. */
export type OperateOutcome =
  | { kind: 'done'; task: TaskSummary }
  | { kind: 'refused'; answer: ProblemAnswer<'task-not-found' | 'task-state-conflict'> };

/** Runs one of the store's operations on a task; `expected` says in a sentence which states it is for. */
export async function operateTask(
  id: string,
  expected: string,
  operate: (id: string) => Promise<OperationResult>,
): Promise<OperateOutcome> {
  const result: OperationResult = isTaskId(id) ? await operate(id) : { kind: 'not-found' };
  switch (result.kind) {
    case 'done':
      return { kind: 'done', task: toTaskSummary(result.task) };
    case 'not-found':
      return { kind: 'refused', answer: taskNotFound(id) };
    case 'wrong-state':
      return { kind: 'refused', answer: stateConflict(expected, result.state) };
  }
}

function stateConflict(expected: string, state: TaskState): ProblemAnswer<'task-state-conflict'> {
  return problem('task-state-conflict', { detail: `expected ${expected}, got one that is ${state}`, state });
}
