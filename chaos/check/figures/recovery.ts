import type { Fault } from '../../events.ts';
import { AFTERMATH_MS, faultsThatEnded, isOfDatabase, overlaps, type Span } from '../fault-effects.ts';
import { spread, type CreateFigure } from '../figure.ts';
import type { AttemptHistory, TaskHistory } from '../task-history.ts';

const KILLS: readonly Fault['name'][] = ['scheduler-killed', 'poison-task'];
const OUTAGES: readonly Fault['name'][] = ['database-stopped-immediately', 'database-killed'];

/** How soon the tasks of a killed scheduler are delivered again, and how soon deliveries go on after an outage. */
export const recoveryFigures: CreateFigure = (run) => {
  const outages = run.faults.filter(({ name }) => OUTAGES.includes(name));
  const firstAfter = new Map<Fault, number>();
  const fromKillMs: number[] = [];
  const undisturbedMs: number[] = [];
  const fromLeaseEndMs: number[] = [];

  const collectAttempt = (task: TaskHistory, attempt: AttemptHistory): void => {
    if (wasPaused(attempt)) return;
    const span = { from: attempt.claim.begunAt, until: attempt.end?.at ?? Infinity };
    const kill = faultsThatEnded(run, attempt.scheduler, span).find(({ name }) => KILLS.includes(name));
    const again = nextDelivery(task, attempt);
    if (kill === undefined || again === undefined) return;
    fromKillMs.push(again - kill.from);
    fromLeaseEndMs.push(again - (attempt.takeOvers[0]?.before?.leaseUntil ?? again));
    if (isUndisturbed(kill, { from: kill.from, until: again })) undisturbedMs.push(again - kill.from);
  };
  const isUndisturbed = (cause: Fault, span: Span): boolean =>
    run.faults.every(
      (fault) => fault === cause || !isOfDatabase(fault) || !overlaps(fault, span, AFTERMATH_MS),
    );
  const staysBack = (outage: Fault, firstAt: number): boolean =>
    run.faults.every((fault) => !isOfDatabase(fault) || fault.until <= outage.until || fault.from >= firstAt);
  const backMs = (ended: readonly [Fault, number][]): number[] => ended.map(([{ until }, at]) => at - until);
  return {
    collect(task) {
      for (const { received } of task.deliveries)
        for (const outage of outages)
          if (received.at >= outage.until)
            firstAfter.set(outage, Math.min(received.at, firstAfter.get(outage) ?? Infinity));
      for (const attempt of task.attempts) collectAttempt(task, attempt);
    },
    table: () => ({
      title: 'recovery',
      lines: [
        ['scheduler killed: its tasks delivered again after the kill', spread(fromKillMs)],
        ['  while the database was well', spread(undisturbedMs)],
        ['  after the end of the lease', spread(fromLeaseEndMs)],
        ['database back: first delivery', spread(backMs([...firstAfter]))],
        [
          '  where it did not go away again before',
          spread(backMs([...firstAfter].filter(([outage, at]) => staysBack(outage, at)))),
        ],
      ],
    }),
  };
};

/** One that lost its lease twice in a row waits for its backoff on purpose; one that ended is not delivered again. */
function wasPaused({ end }: AttemptHistory): boolean {
  return end?.ended?.outcome !== 'lease-lost' || (end.after?.dueAt ?? Infinity) > end.begunAt;
}

function nextDelivery({ deliveries }: TaskHistory, { number }: AttemptHistory): number | undefined {
  return deliveries.find(({ received }) => received.attempt > number)?.received.at;
}
