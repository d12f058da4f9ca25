import { TRANSITIONS } from '@dispatchr/contract';
import { REJECTED_STATUSES } from '@dispatchr/lifecycle';
import { OUTCOMES, type Transition } from '../history.ts';
import type { AttemptStory, Stories, Violation } from './stories.ts';

/** The name of a row of the state table, by which runs count them. */
export function rowName({
  from,
  event,
  to,
  reason = null,
}: {
  from: string | null;
  event: string;
  to: string | null;
  reason?: string | null;
}): string {
  return `${from ?? 'none'} → ${event} → ${to ?? 'none'}${to === 'failed' ? ` (${reason})` : ''}`;
}

const ROWS: ReadonlySet<string> = new Set(TRANSITIONS.map(rowName));
const LEASE_ROWS: ReadonlySet<string> = new Set([
  'running → renew → running',
  'running → take-over → running',
  'running → adopt → running',
  'pending → park → pending',
  'pending → unpark → pending',
]);

/** STA-001: every change is a row of the state table. */
export function everyChangeIsInTheStateTable({ history }: Stories): Violation[] {
  return history.transitions
    .filter((transition) => !ROWS.has(rowName(transition)) && !LEASE_ROWS.has(rowName(transition)))
    .map(({ id, seq, ...change }) => ({ id, seq, what: `changed by ${rowName(change)}` }));
}

/** I3: a task is completed only if its target wrote a 2xx for exactly that attempt before. */
export function completedMeansA2xx({ tasks }: Stories): Violation[] {
  return [...tasks.values()].flatMap(({ id, seq, transitions, attempts }) =>
    transitions
      .filter(({ event }) => event === 'completed')
      .filter((end) => !attempts.some((attempt) => answeredWell(attempt, end)))
      .map(({ attempt }) => ({ id, seq, what: `completed by attempt ${attempt}, which had no 2xx` })),
  );
}

function answeredWell({ claim, deliveries }: AttemptStory, end: Transition): boolean {
  if (claim.attempt !== end.attempt) return false;
  return deliveries.some(
    ({ status = 0, answeredMs = Infinity }) => status >= 200 && status <= 299 && answeredMs <= end.atMs,
  );
}

/** STA-024: what is recorded of an attempt is what its scheduler saw. */
export function recordedIsWhatWasSeen({ tasks }: Stories): Violation[] {
  return [...tasks.values()].flatMap(({ id, seq, attempts }) =>
    attempts.flatMap(({ claim, deliveries, end }) => {
      const [delivery] = deliveries;
      if (end === undefined || end.event === 'lease-lost' || delivery?.seen === undefined) return [];
      // Both its answer and its release may be under way when its scheduler is told to stop at once.
      return fits(delivery.seen, end.event)
        ? []
        : [{ id, seq, what: `attempt ${claim.attempt} ended ${end.event}, and ${delivery.seen} was seen` }];
    }),
  );
}

function fits(seen: string, outcome: string): boolean {
  const status = Number(seen);
  if (Number.isNaN(status)) return outcome === (OUTCOMES.has(seen) ? seen : 'retryable');
  if (status >= 200 && status <= 299) return outcome === 'completed';
  if (REJECTED_STATUSES.has(status)) return outcome === 'rejected';
  // `Dispatchr-Retry: no` rejects what would be retried.
  return outcome === 'retryable' || (status === 503 && outcome === 'rejected');
}

/** I9: a terminal state is left only by an operator's retry, or with the task itself. */
export function terminalStatesStay({ history }: Stories): Violation[] {
  return history.transitions
    .filter(({ from }) => from === 'completed' || from === 'failed' || from === 'cancelled')
    .filter(({ event }) => event !== 'retry' && event !== 'delete' && event !== 'prune')
    .map(({ id, seq, from, event }) => ({ id, seq, what: `left ${from} by ${event}` }));
}
