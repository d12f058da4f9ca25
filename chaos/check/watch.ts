import type { Invariant } from './invariant.ts';
import type { RunContext } from './run-context.ts';
import type { TaskHistory } from './task-history.ts';
import type { ShownViolation } from './verdict.ts';

/** Something that must hold for all tasks together. */
export interface Watch extends Pick<Invariant, 'name' | 'sentence'> {
  /** Takes one task after the other, and keeps of each only what it comes to. */
  collect(task: TaskHistory): void;
  /** What contradicts it, once every task was taken. */
  violations(run: RunContext): ShownViolation[];
}
