import type { RunContext } from '../run-context.ts';
import { faultsThatDisturbed } from '../fault-effects.ts';
import { CLOCK_SLACK_MS, clockTime, type Invariant } from '../invariant.ts';
import { isSuccess, type AttemptHistory, type OperationCall, type TaskHistory } from '../task-history.ts';

/** I8: a cancel holds, and what is claimed is sent. Spec: CAN-007, DLV-042. */
export const cancelsHold: Invariant = {
  name: 'I8',
  sentence: 'no claim after an acknowledged cancel; a claimed task is sent within a second or released',
  violationsOf(task, run) {
    return [
      ...task.operations.flatMap((call) => claimsAfter(task, call)),
      ...task.attempts.flatMap((attempt) => [...claimedCancelled(attempt), ...sentTooLate(attempt, run)]),
    ];
  },
};

function claimsAfter(task: TaskHistory, { operate, answer }: OperationCall): string[] {
  if (operate.operation !== 'cancel' || answer === undefined || !isSuccess(answer.status)) return [];
  const reopened = task.steps.filter(
    ({ event, at }) => event === 'retry' && at + CLOCK_SLACK_MS >= operate.at,
  );
  return task.attempts
    .filter(({ claim }) => claim.at > answer.at + CLOCK_SLACK_MS)
    .filter(({ claim }) => !reopened.some(({ at }) => at < claim.at))
    .map(
      ({ number, claim }) =>
        `attempt ${number} was claimed at ${clockTime(claim.at)}, after the cancel was answered at ${clockTime(answer.at)}`,
    );
}

function claimedCancelled({ number, claim }: AttemptHistory): string[] {
  const isCancelled = claim.before?.cancelRequestedAt !== undefined;
  return isCancelled ? [`attempt ${number} was claimed though a cancel was requested`] : [];
}

/**
 * From the claim to the whole request at the target, in milliseconds: the claim's answer may take 5 seconds, the task may
 * wait 1 second after it, and the rest is for a machine on which everything shares two cores.
 */
const SENT_WITHIN_MS = 10_000;

function sentTooLate({ number, claim, scheduler, deliveries }: AttemptHistory, run: RunContext): string[] {
  return deliveries
    .filter(({ received }) => received.at > claim.begunAt + SENT_WITHIN_MS)
    .filter(
      ({ received }) =>
        faultsThatDisturbed(run, scheduler, { from: claim.begunAt, until: received.at }).length === 0,
    )
    .map(
      ({ received }) =>
        `attempt ${number} was sent ${Math.round(received.at - claim.begunAt)} ms after its claim, and no fault hit its scheduler`,
    );
}
