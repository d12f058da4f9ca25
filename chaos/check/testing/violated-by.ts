import { INVARIANTS } from '../invariants/index.ts';
import { fault, runWith } from './run-logs.ts';
import { START, type TaskLog } from './task-log.ts';

/** A run with a fault that explains every lost lease. */
export const STALLED = runWith(
  fault('scheduler-stopped-past-lease', { from: START, until: START + 200_000 }),
);

/** The names of the invariants that the task violates. */
export function violatedBy(log: TaskLog, run = runWith()): string[] {
  return INVARIANTS.filter((invariant) => invariant.violationsOf(log.history(), run).length > 0).map(
    ({ name }) => name,
  );
}
