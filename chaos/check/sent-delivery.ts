import { hits, overlaps } from './fault-effects.ts';
import type { RunContext } from './run-context.ts';
import type { AttemptHistory, Delivery, TaskHistory } from './task-history.ts';

/** A delivery as those who limit deliveries see it. Instants in epoch milliseconds. */
export interface SentDelivery {
  readonly token: string;
  /** Absent where the log of the producer does not name them. */
  readonly queue?: string;
  readonly flowKey?: string;
  /** Name of the target; `url` is that with the path. */
  readonly origin: string;
  readonly url: string;
  readonly scheduler: string;
  readonly claimedAt: number;
  readonly at: number;
  /** From when it is certain that nobody has to count it: answered, settled, or its lease ran out. */
  readonly until: number;
  /** An operator had asked to run the task. */
  readonly wasRun: boolean;
}

/** For how long a lease stands, in milliseconds. Spec: LEA-001. */
const LEASE_MS = 30_000;

/** What stops a scheduler between its claim and the send, so that what it sends is late without its knowing. */
const STANDSTILLS = ['scheduler-stopped-past-lease', 'scheduler-stopped-briefly', 'event-loop-stalled'];

/** The deliveries of a task; none if nobody knows who submitted it. */
export function sentDeliveriesOf(task: TaskHistory): SentDelivery[] {
  const submit = task.submits[0]?.submit;
  if (submit === undefined) return [];
  const { token, plan: url, queue, flowKey } = submit;
  const runAt = Math.min(
    ...task.operations.filter(({ operate }) => operate.operation === 'run').map(({ operate }) => operate.at),
  );
  const named = { ...(queue !== undefined && { queue }), ...(flowKey !== undefined && { flowKey }) };
  return task.attempts.flatMap((attempt) =>
    attempt.deliveries.map((delivery) => ({
      token,
      ...named,
      origin: originOf(url),
      url,
      scheduler: attempt.scheduler,
      claimedAt: attempt.claim.begunAt,
      at: delivery.received.at,
      until: endOf(attempt, delivery),
      wasRun: runAt <= attempt.claim.at,
    })),
  );
}

/** Target of a plan, without its path. */
export function originOf(plan: string): string {
  return plan.split('/', 1)[0] ?? '';
}

/** Whether its scheduler stood still between the claim and the arrival. */
export function wasHeldUp(run: RunContext, { scheduler, claimedAt, at }: SentDelivery): boolean {
  return run.faults.some(
    (fault) =>
      STANDSTILLS.includes(fault.name) &&
      hits(run, fault, scheduler) &&
      overlaps(fault, { from: claimedAt, until: at }, 0),
  );
}

/** When a request that is logged at the instant can have arrived at the earliest: the targets' event loop may have stood still. */
export function arrivedFrom(run: RunContext, at: number): number {
  const lag = run.lags.find(({ from, until }) => from <= at && at <= until + LAG_OVER_MS);
  return lag?.from ?? at;
}

/** What piled up while the event loop stood still is read within this many milliseconds. */
const LAG_OVER_MS = 30;

function endOf({ end, heldSince }: AttemptHistory, { answered }: Delivery): number {
  return Math.min(answered?.at ?? Infinity, end?.at ?? Infinity, heldSince + LEASE_MS);
}
