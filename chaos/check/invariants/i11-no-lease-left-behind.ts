import { clockTime, type Invariant } from '../invariant.ts';
import type { RunContext } from '../run-context.ts';
import type { Step } from '../steps.ts';

/** Between two sweeps, in milliseconds, with their jitter. */
const SWEEP_MS = 5500;

/** A scheduler sweeps only after 15 s of unbroken contact with the database. */
const CONTACT_MS = 15_000;

/** For the sweep itself, in milliseconds, on a machine where everything shares two cores. */
const SWEEPING_MS = 5000;

/** I11: whatever died is taken over. Spec: LEA-007, LEA-012, LEA-014. */
export const noLeaseLeftBehind: Invariant = {
  name: 'I11',
  sentence: 'after healing, no running row with an expired lease is older than a sweep',
  violationsOf({ steps }, run) {
    const healedAt = run.phaseAt('healed');
    if (healedAt === undefined) return [];
    return steps.flatMap((step, index) => leftBehind(step, steps[index + 1], healedAt, endOf(run)));
  },
};

function leftBehind(step: Step, next: Step | undefined, healedAt: number, endAt: number): string[] {
  const { state, leaseUntil } = step.after ?? {};
  if (state !== 'running' || leaseUntil === undefined) return [];
  const latest = Math.max(leaseUntil, healedAt + CONTACT_MS) + SWEEP_MS + SWEEPING_MS;
  const until = next?.at ?? endAt;
  return until > latest
    ? [`its lease ran out at ${clockTime(leaseUntil)}, and it was still running at ${clockTime(until)}`]
    : [];
}

function endOf(run: RunContext): number {
  return run.phaseAt('drained') ?? run.phaseAt('not-drained') ?? -Infinity;
}
