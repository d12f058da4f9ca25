import type { Invariant } from './invariant.ts';
import type { RunContext } from './run-context.ts';
import type { TaskHistory } from './task-history.ts';
import { eventsOf, timelineOf } from './timeline.ts';
import type { InvariantVerdict, ShownViolation } from './verdict.ts';

/** How many violations of one invariant are shown in full. */
export const SHOWN_VIOLATIONS = 5;

/** The violations of one invariant: all are counted, the shortest are kept. */
export interface Findings {
  add(violation: ShownViolation, length: number): void;
  verdict(): InvariantVerdict;
}

/** No violations yet. */
export function createFindings({ name, sentence }: Pick<Invariant, 'name' | 'sentence'>): Findings {
  let violations = 0;
  let shown: { violation: ShownViolation; length: number }[] = [];
  return {
    add(violation, length) {
      violations += 1;
      shown = [...shown, { violation, length }]
        .toSorted((a, b) => a.length - b.length)
        .slice(0, SHOWN_VIOLATIONS);
    },
    verdict: () => ({ name, sentence, violations, shown: shown.map(({ violation }) => violation) }),
  };
}

/** Judges one task by one invariant. */
export function judge(findings: Findings, invariant: Invariant, task: TaskHistory, run: RunContext): void {
  const says = invariant.violationsOf(task, run);
  const [first] = says;
  // One task is one violation, however many sentences it takes to say what is wrong with it.
  if (first !== undefined)
    findings.add(
      { token: task.token, says: says.join('; '), timeline: timelineOf(task, run) },
      eventsOf(task),
    );
}
