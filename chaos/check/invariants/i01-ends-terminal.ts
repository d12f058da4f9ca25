import { CLOCK_SLACK_MS, clockTime, type Invariant } from '../invariant.ts';
import { isTerminal } from '../steps.ts';
import { isSuccess, lastRow, type TaskHistory } from '../task-history.ts';

/** I1: nothing acknowledged is lost, and nothing recorded is stuck. Spec: REC-001, DUR-001, DUR-003. */
export const endsTerminal: Invariant = {
  name: 'I1',
  sentence:
    'every acknowledged task ends terminal, and was delivered unless it was cancelled, expired, blocked or exhausted first',
  violationsOf(task) {
    return [...acknowledgedTooEarly(task), ...howItStands(task)];
  },
};

function acknowledgedTooEarly({ submits, recorded }: TaskHistory): string[] {
  const acknowledged = submits.flatMap(({ answer }) => (isSuccess(answer?.status) && answer ? [answer] : []));
  if (recorded === undefined)
    return acknowledged.length > 0 ? ['lost: it was acknowledged and is not recorded'] : [];
  return acknowledged
    .filter(({ at }) => at + CLOCK_SLACK_MS < recorded.at)
    .map(({ at }) => `acknowledged at ${clockTime(at)}, before it was recorded at ${clockTime(recorded.at)}`);
}

function howItStands(task: TaskHistory): string[] {
  if (task.recorded === undefined) return [];
  const last = lastRow(task);
  if (last === undefined) return ['lost: it was recorded and its row is gone'];
  if (!isTerminal(last)) return [`stuck: ${last.state} at the end of the run`];
  return task.deliveries.length === 0 && !mayEndUndelivered(task)
    ? [`never delivered, and yet ${last.state} ${last.reason ?? ''}`.trimEnd()]
    : [];
}

/** Attempts without a status never reached a target that answers: refused connections, timeouts, lost leases. */
function mayEndUndelivered(task: TaskHistory): boolean {
  const last = lastRow(task);
  if (last?.state === 'cancelled') return true;
  if (last?.state !== 'failed') return false;
  return last.reason === 'exhausted'
    ? task.attempts.every(({ end }) => end?.ended?.status === undefined)
    : last.reason === 'expired' || last.reason === 'target-blocked';
}
