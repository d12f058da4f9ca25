import { TERMINAL_STATES } from '@dispatchr/contract';
import type { Transition, TransitionRow } from '../events.ts';

/** One transaction's changes of one task: where it was, where it went, and by what. */
export interface Step {
  /** When the rows were changed; the commit came later. */
  readonly at: number;
  /** Begin of the transaction: the instant by which its statement reckons. */
  readonly begunAt: number;
  readonly event: StepEvent;
  /** The row of the task's state before and after; absent when the task was, or is, not recorded. */
  readonly before?: TransitionRow;
  readonly after?: TransitionRow;
  /** The attempt that ended by this. */
  readonly ended?: TransitionRow;
  /** What contradicts the tables' own rules, whatever the state table says. */
  readonly anomalies: readonly string[];
  readonly changes: readonly Transition[];
}

/**
 * An event of the state table, or: `renew` and `take-over`, which change the lease alone; `park`, which puts it aside or back; `remove`, a delete or a prune;
 * an outcome, when an attempt ended; `unknown`, which no event explains.
 */
export type StepEvent = string;

/** What is there between two steps. */
interface Rows {
  unfinished?: TransitionRow;
  finished?: TransitionRow;
}

/** The changes of one task, in their order, as steps. What changes no state and no lease is no step. */
export function stepsOf(transitions: readonly Transition[]): Step[] {
  const steps: Step[] = [];
  let rows: Rows = {};
  for (const changes of byTransaction(transitions)) {
    if (!changes.some(({ table }) => table === 'unfinished_tasks' || table === 'finished_tasks')) continue;
    const step = takeStep(rows, changes);
    rows = step.rows;
    steps.push(step);
  }
  return steps;
}

/** Whether the task stays as it is until an operator comes. */
export function isTerminal(row: TransitionRow | undefined): boolean {
  return TERMINAL_STATES.some((state) => state === row?.state);
}

/** Row locks last until the commit, so the changes of a transaction lie side by side. */
function byTransaction(transitions: readonly Transition[]): Transition[][] {
  const groups: Transition[][] = [];
  for (const transition of transitions) {
    const last = groups.at(-1);
    if (last?.[0]?.transaction === transition.transaction) last.push(transition);
    else groups.push([transition]);
  }
  return groups;
}

function takeStep(before: Rows, changes: readonly Transition[]): Step & { rows: Rows } {
  const rows = { ...before };
  const anomalies: string[] = [];
  let ended: TransitionRow | undefined;
  // Within a statement the order of the tables means nothing: what leaves one goes first.
  for (const { table, op, row } of changes.toSorted((a, b) => orderOf(a) - orderOf(b))) {
    if (table === 'unfinished_tasks') anomalies.push(...put(rows, 'unfinished', op, row));
    else if (table === 'finished_tasks') anomalies.push(...put(rows, 'finished', op, row));
    else if (table === 'attempts' && op === 'insert') {
      if (ended !== undefined) anomalies.push('two attempts ended in one transaction');
      ended = row;
    }
  }
  if (rows.unfinished !== undefined && rows.finished !== undefined)
    anomalies.push('the task is unfinished and finished at once');
  const [from, to] = [before.unfinished ?? before.finished, rows.unfinished ?? rows.finished];
  const [first] = changes;
  return {
    at: Math.min(...changes.map(({ at }) => at)),
    begunAt: first?.begunAt ?? 0,
    event: eventOf(from, to, ended),
    ...(from === undefined ? {} : { before: from }),
    ...(to === undefined ? {} : { after: to }),
    ...(ended === undefined ? {} : { ended }),
    anomalies,
    changes,
    rows,
  };
}

function orderOf({ op }: Transition): number {
  return op === 'delete' ? 0 : 1;
}

function put(rows: Rows, which: keyof Rows, op: Transition['op'], row: TransitionRow): string[] {
  const was = rows[which];
  if (op === 'delete') delete rows[which];
  else rows[which] = row;
  if (op === 'insert' && was !== undefined) return [`a second row of the ${which} task`];
  if (op !== 'insert' && was === undefined) return [`${op} of an ${which} row that was never there`];
  if (op === 'update' && which === 'finished') return ['the row of a finished task was changed'];
  return [];
}

function eventOf(
  before: TransitionRow | undefined,
  after: TransitionRow | undefined,
  ended: TransitionRow | undefined,
): StepEvent {
  if (ended !== undefined) return before?.state === 'running' ? (ended.outcome ?? 'unknown') : 'unknown';
  if (before === undefined) return after?.state === 'pending' ? 'submit' : 'unknown';
  if (isTerminal(before)) return eventAfterTheEnd(after);
  if (before.state === 'pending') return eventOfWaiting(before, after);
  return after?.state === 'running' ? eventWhileRunning(before, after) : 'unknown';
}

function eventAfterTheEnd(after: TransitionRow | undefined): StepEvent {
  if (after === undefined) return 'remove';
  return after.state === 'pending' ? 'retry' : 'unknown';
}

function eventOfWaiting(before: TransitionRow, after: TransitionRow | undefined): StepEvent {
  switch (after?.state) {
    case 'running':
      return 'claim';
    case 'pending':
      return isOnlyParked(before, after) ? 'park' : 'run';
    case 'cancelled':
      return 'cancel';
    case 'failed':
      return 'expire';
    default:
      return 'unknown';
  }
}

/** An operator who runs a task lets go of it too, and says so. */
function isOnlyParked(before: TransitionRow, after: TransitionRow): boolean {
  return before.parkedFor !== after.parkedFor && before.runAt === after.runAt && before.dueAt === after.dueAt;
}

function eventWhileRunning(before: TransitionRow, after: TransitionRow): StepEvent {
  if (before.lease !== after.lease) return 'take-over';
  // A limit that comes counts what runs already.
  if (before.gate !== after.gate && before.leaseUntil === after.leaseUntil) return 'count';
  // A cancel that is repeated writes the row as it is.
  return before.leaseUntil === after.leaseUntil ? 'cancel' : 'renew';
}
