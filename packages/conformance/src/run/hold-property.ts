import fc from 'fast-check';
import type { CheckContext } from './check-context.ts';
import { Violation } from './violation.ts';

// A case that fails is made smaller for so long; each step costs requests.
const SHRINK_LIMIT_MS = 8000;

/**
 * Requires of `runs` generated values that `judge` throws no `Violation`. The values come from the check's seed; a failure
 * names that seed and the smallest value that was found to fail.
 */
export async function holdProperty<T>(
  t: CheckContext,
  values: fc.Arbitrary<T>,
  judge: (value: T) => Promise<void>,
  runs = 25,
): Promise<void> {
  const seed = Math.trunc(t.random.seed) | 0;
  const details = await fc.check(fc.asyncProperty(values, judge), {
    seed,
    numRuns: runs,
    plugins: [fc.interruptAfterTimeLimit(t.timing.patienceMs + SHRINK_LIMIT_MS)],
  });
  if (!details.failed) return;
  const error = details.errorInstance;
  if (!(error instanceof Violation)) throw error;
  const [value] = details.counterexample as [T];
  const found = `${fc.stringify(value)}, seed ${seed}, run ${details.numRuns}`;
  throw new Violation(error.requirement, `${error.message} (generated: ${found})`, error.expected, error.got);
}
