import type { MutantId } from '../selftest/mutants/index.ts';
import { Problem, type ProblemError } from './problems.ts';
import type { Submission, Task } from './task.ts';

/** The problem of an operation that the task's state does not allow. Spec: PRB-009. */
export function wrongState({ state }: Task, expected: string): Problem {
  return new Problem('task-state-conflict', `expected a task that is ${expected}, got one that is ${state}`, {
    state,
  });
}

/** The problem of submissions that contradict what is recorded; `conflicts` are their indices. Spec: IDN-008, IDN-011, REC-034. */
export function conflictOf(
  submissions: readonly Submission[],
  conflicts: readonly number[],
  mutants: ReadonlySet<MutantId>,
): Problem {
  const [first = 0] = conflicts;
  if (submissions[first]?.id === undefined) {
    return new Problem('idempotency-key-reused', 'the Idempotency-Key was used with other content');
  }
  const errors: ProblemError[] = conflicts.map((index) => ({
    pointer: mutants.has('batch-conflict-without-place') ? '/id' : `${submissions[index]?.pointer ?? ''}/id`,
    detail: 'expected an id that is new or has this content, got one whose task has other content',
  }));
  return new Problem('task-id-conflict', 'a task with this id and other content exists', { errors });
}
