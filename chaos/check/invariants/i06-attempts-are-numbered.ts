import { CLOCK_SLACK_MS, type Invariant } from '../invariant.ts';
import type { TransitionRow } from '../../events.ts';
import type { AttemptHistory, TaskHistory } from '../task-history.ts';

/** I6: attempts and budget add up. Spec: STA-020 to STA-025, DLV-007, DLV-017, CAN-015. */
export const attemptsAreNumbered: Invariant = {
  name: 'I6',
  sentence: 'attempts are numbered 1, 2, 3 without gaps; requests ≤ attempts; attemptsUsed ≤ maxAttempts',
  violationsOf(task) {
    return [
      ...gaps(task),
      ...task.attempts.flatMap((attempt) => [
        ...requestsOf(attempt),
        ...attemptsLeft(task, attempt),
        ...rowsOf(attempt),
      ]),
      ...unclaimed(task),
      ...usedTooMany(task),
      ...countedWrongly(task),
    ];
  },
};

function gaps({ attempts }: TaskHistory): string[] {
  return attempts.flatMap(({ number }, index) =>
    number === index + 1 ? [] : [`claim ${index + 1} has the number ${number}`],
  );
}

function requestsOf({ number, deliveries, claim }: AttemptHistory): string[] {
  const found = deliveries.length > 1 ? [`attempt ${number} was sent ${deliveries.length} times`] : [];
  const isEarly = deliveries.some(({ received }) => received.at + CLOCK_SLACK_MS < claim.begunAt);
  return isEarly ? [...found, `attempt ${number} was delivered before it was claimed`] : found;
}

function attemptsLeft({ submits }: TaskHistory, { number, claim, deliveries }: AttemptHistory): string[] {
  const maxAttempts = submits[0]?.submit.retry.maxAttempts;
  if (maxAttempts === undefined) return [];
  const expected = Math.max(0, maxAttempts - (claim.before?.attemptsUsed ?? 0) - 1);
  return deliveries
    .filter(({ received }) => received.attemptsLeft !== expected)
    .map(
      ({ received }) =>
        `attempt ${number}: expected ${expected} attempts left, the target was told ${received.attemptsLeft}`,
    );
}

/** Written once, when the attempt ends, with its own number. */
function rowsOf({ number, end }: AttemptHistory): string[] {
  if (end === undefined) return [];
  return end.ended?.attempt === number
    ? []
    : [`the end of attempt ${number} is recorded as that of ${String(end.ended?.attempt)}`];
}

function unclaimed({ attempts, deliveries }: TaskHistory): string[] {
  const claimed = new Set(attempts.map(({ number }) => number));
  return deliveries
    .filter(({ received }) => !claimed.has(received.attempt))
    .map(({ received }) => `attempt ${received.attempt} was delivered and never claimed`);
}

function usedTooMany({ submits, steps }: TaskHistory): string[] {
  const maxAttempts = submits[0]?.submit.retry.maxAttempts ?? Infinity;
  const most = Math.max(0, ...steps.map(({ after }) => after?.attemptsUsed ?? 0));
  return most > maxAttempts ? [`${most} attempts are used of ${maxAttempts}`] : [];
}

function countedWrongly({ steps }: TaskHistory): string[] {
  return steps.flatMap(({ before, after, event, ended }) => {
    if (before === undefined || after === undefined) return [];
    const expected = {
      attempt: numberOf(before, 'attempt') + (event === 'claim' ? 1 : 0),
      attemptsUsed: event === 'retry' ? 0 : numberOf(before, 'attemptsUsed') + (usesBudget(ended) ? 1 : 0),
    };
    return (['attempt', 'attemptsUsed'] as const)
      .filter((name) => numberOf(after, name) !== expected[name])
      .map((name) => `${event}: expected ${name} ${expected[name]}, got ${numberOf(after, name)}`);
  });
}

function usesBudget(ended: TransitionRow | undefined): boolean {
  return ended?.outcome === 'retryable' || ended?.outcome === 'lease-lost';
}

function numberOf(row: TransitionRow, name: 'attempt' | 'attemptsUsed'): number {
  return row[name] ?? 0;
}
