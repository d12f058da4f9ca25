import type { RetryAsked } from '../../events.ts';
import { CLOCK_SLACK_MS, clockTime, type Invariant } from '../invariant.ts';
import type { Step } from '../steps.ts';
import type { AttemptHistory, TaskHistory } from '../task-history.ts';

/** I7: neither too early nor sooner than asked. Spec: TIM-001, TIM-002, TIM-006, RTY-004, RTY-026, LEA-009, LEA-010. */
export const neverTooEarly: Invariant = {
  name: 'I7',
  sentence:
    'nothing is delivered before dueAt, the backoff floor or Retry-After, nor claimed at expiresAt or later',
  violationsOf(task) {
    return [
      ...beforeAsked(task),
      ...task.attempts.flatMap((attempt) => [...claimedTooEarly(attempt), ...deliveredTooEarly(attempt)]),
      ...task.attempts.flatMap((attempt, index) => pausedTooShort(task, attempt, task.attempts[index - 1])),
    ];
  },
};

/** A run or a retry of the operator makes the task due at once. */
function beforeAsked({ submits, deliveries, operations }: TaskHistory): string[] {
  const asked = submits.map(({ submit }) => submit.notBefore ?? 0);
  const notBefore = asked.length === 0 ? 0 : Math.min(...asked);
  const overruledAt = Math.min(
    ...operations.filter(({ operate }) => operate.operation !== 'cancel').map(({ operate }) => operate.at),
  );
  return deliveries
    .filter(({ received: { at } }) => at + CLOCK_SLACK_MS < notBefore && at < overruledAt)
    .map(
      ({ received: { at } }) => `delivered at ${clockTime(at)}, which was asked for ${clockTime(notBefore)}`,
    );
}

function claimedTooEarly({ number, claim }: AttemptHistory): string[] {
  const { dueAt = 0, expiresAt = Infinity } = claim.before ?? {};
  const found: string[] = [];
  if (claim.begunAt < dueAt)
    found.push(`attempt ${number} was claimed at ${clockTime(claim.begunAt)}, due at ${clockTime(dueAt)}`);
  if (claim.begunAt >= expiresAt)
    found.push(`attempt ${number} was claimed at ${clockTime(claim.begunAt)}, after its expiresAt`);
  return found;
}

function deliveredTooEarly({ number, claim, deliveries }: AttemptHistory): string[] {
  const dueAt = claim.before?.dueAt ?? 0;
  return deliveries
    .filter(({ received }) => received.at + CLOCK_SLACK_MS < dueAt)
    .map(({ received }) => `attempt ${number} was delivered at ${clockTime(received.at)}, before its dueAt`);
}

function pausedTooShort(
  { submits }: TaskHistory,
  attempt: AttemptHistory,
  previous: AttemptHistory | undefined,
): string[] {
  const { end, number } = attempt;
  const retry = submits[0]?.submit.retry;
  if (end?.after?.state !== 'pending' || retry === undefined) return [];
  const earliest = earliestNext(end, attempt, previous, retry);
  const dueAt = end.after.dueAt ?? 0;
  // PostgreSQL keeps microseconds and the log may round them.
  return dueAt + 1 < earliest
    ? [`after attempt ${number} the next try is due at ${clockTime(dueAt)}, earliest ${clockTime(earliest)}`]
    : [];
}

function earliestNext(
  end: Step,
  attempt: AttemptHistory,
  previous: AttemptHistory | undefined,
  retry: RetryAsked,
): number {
  const bareMs = bareBackoffMs(end.after?.attemptsUsed ?? 1, retry);
  switch (end.ended?.outcome) {
    case 'retryable':
      return Math.max(end.begunAt + bareMs, askedByTarget(end, attempt));
    case 'lease-lost':
      return previous?.end?.ended?.outcome === 'lease-lost' ? end.begunAt + bareMs : end.begunAt;
    default:
      return 0;
  }
}

/** Counted from the answer; a target may note it after the settle, which came later than the answer did. */
function askedByTarget(end: Step, { deliveries }: AttemptHistory): number {
  const answered = deliveries.find(({ answered: { status } = {} }) => status === end.ended?.status)?.answered;
  const retryAfterMs = end.ended?.status === undefined ? undefined : answered?.retryAfterMs;
  if (answered === undefined || retryAfterMs === undefined) return 0;
  return Math.min(answered.at, end.begunAt) + Math.min(retryAfterMs, MAX_RETRY_AFTER_MS);
}

const MAX_RETRY_AFTER_MS = 3_600_000;

function bareBackoffMs(used: number, { minBackoffMs, maxBackoffMs, multiplier }: RetryAsked): number {
  return Math.min(maxBackoffMs, minBackoffMs * multiplier ** Math.max(0, used - 1));
}
