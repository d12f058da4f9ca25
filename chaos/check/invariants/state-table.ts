import { TRANSITIONS } from '@dispatchr/contract';
import type { Invariant } from '../invariant.ts';
import { isTerminal, type Step } from '../steps.ts';
import type { TaskHistory } from '../task-history.ts';

/** What changes the lease, or for which target it waits, and not the state. */
const STATELESS_EVENTS = ['renew', 'take-over', 'park', 'count'];

/** Every change of state is a row of the specification's state table, in the case that the row names. Spec: STA-001. */
export const stateTable: Invariant = {
  name: 'state table',
  sentence: 'every change of state is a row of the state table',
  violationsOf(task) {
    return task.steps.flatMap((step) => [...rowsOf(step), ...casesOf(step, task), ...membersOf(step)]);
  },
};

function rowsOf({ before, after, event }: Step): string[] {
  // What leaves a terminal state unasked is I9's to say.
  if (STATELESS_EVENTS.includes(event) || (isTerminal(before) && event !== 'retry')) return [];
  const from = before?.state ?? null;
  const to = after?.state ?? null;
  const isKnown = TRANSITIONS.some(
    (row) => row.event === event && row.from === from && row.to === to && row.reason === after?.reason,
  );
  if (isKnown) return [];
  return [`${from ?? 'nothing'} → ${[to ?? 'nothing', after?.reason].join(' ').trim()} by ${event}`];
}

/** The column `when` of the table. */
function casesOf({ before, after, ended, event, begunAt }: Step, task: TaskHistory): string[] {
  const found: string[] = [];
  const wasRequested = before?.cancelRequestedAt !== undefined;
  if (event === 'expire' && begunAt < (before?.expiresAt ?? Infinity))
    found.push('it expired before its expiresAt');
  if (ended === undefined) return found;
  if (after?.state === 'cancelled' && !wasRequested) found.push('an attempt made it cancelled, uninvited');
  if (after?.state !== 'cancelled' && after?.state !== 'completed' && wasRequested)
    found.push(`a cancel was requested, and the attempt made it ${after?.state}`);
  if (after?.reason === 'exhausted' && !isExhausted(after.attemptsUsed ?? 0, task))
    found.push(`exhausted after ${after.attemptsUsed} used attempts`);
  return found;
}

function isExhausted(attemptsUsed: number, { submits }: TaskHistory): boolean {
  const retry = submits[0]?.submit.retry;
  return retry === undefined || retry.maxDurationMs !== undefined || attemptsUsed >= retry.maxAttempts;
}

/** Spec: STA-002, STA-003, STA-012, STA-013. */
function membersOf({ before, after, event, begunAt }: Step): string[] {
  if (after === undefined) return [];
  const found: string[] = [];
  if ((after.reason !== undefined) !== (after.state === 'failed'))
    found.push(`${after.state} with a reason, or failed without`);
  if (event === 'submit' && (after.attempt ?? 0) + (after.attemptsUsed ?? 0) > 0)
    found.push('recorded with attempts');
  if (event === 'claim' && after.startedAt !== undefined && Math.abs(after.startedAt - begunAt) > 1)
    found.push('startedAt is not the instant of the claim');
  if (event === 'renew' && after.attempt !== before?.attempt) found.push('a renewal changed the attempt');
  return found;
}
