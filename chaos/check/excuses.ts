import { isAnswered2xx, type AttemptHistory, type Delivery, type TaskHistory } from './task-history.ts';
import { faultsThatEnded, faultsThatSevered, type Span } from './fault-effects.ts';
import type { RunContext } from './run-context.ts';

/** A delivery after one that its target had answered with a 2xx. */
export interface Duplicate {
  readonly first: Delivery;
  readonly second: Delivery;
  /** The kinds of fault, each once, that explain it; or why none is needed. Empty: nothing explains it. */
  readonly excuses: readonly string[];
  /** How the first delivery's attempt ended. */
  readonly outcome: string;
}

/** The deliveries of a task that came after a 2xx, none of them asked for by an operator's retry. */
export function duplicatesOf(task: TaskHistory, run: RunContext): Duplicate[] {
  const duplicates: Duplicate[] = [];
  for (const [index, second] of task.deliveries.entries()) {
    const first = task.deliveries.slice(0, index).findLast(isAnswered2xx);
    if (first === undefined || wasRetried(task, first, second)) continue;
    const attempt = attemptOf(task, first);
    duplicates.push({
      first,
      second,
      excuses: attempt === undefined ? [] : excusesOf(task, attempt, first, run),
      outcome: attempt?.end?.ended?.outcome ?? 'none',
    });
  }
  return duplicates;
}

/** An operator's retry between the two claims asks for another delivery. */
function wasRetried(task: TaskHistory, first: Delivery, second: Delivery): boolean {
  const [from, until] = [attemptOf(task, first)?.claim.at, attemptOf(task, second)?.claim.at];
  if (from === undefined || until === undefined) return false;
  return task.steps.some(({ event, at }) => event === 'retry' && at > from && at <= until);
}

function attemptOf(task: TaskHistory, { received }: Delivery): AttemptHistory | undefined {
  return task.attempts.find(({ number }) => number === received.attempt);
}

/**
 * What can have kept a 2xx from being settled. It takes a fault of this very scheduler or of the database, within the time
 * in which the attempt was lost: from its last renewal, or its receipt, to the moment it was given to somebody else.
 */
function excusesOf(task: TaskHistory, attempt: AttemptHistory, first: Delivery, run: RunContext): string[] {
  const { ended } = attempt.end ?? {};
  if (ended === undefined || attempt.end === undefined) return [];
  const span: Span = { from: Math.min(attempt.heldSince, first.received.at), until: attempt.end.at };
  switch (ended.outcome) {
    case 'lease-lost':
      return kindsOf(faultsThatSevered(run, attempt.scheduler, span));
    case 'released':
      return kindsOf(faultsThatEnded(run, attempt.scheduler, span));
    case 'retryable':
      return ended.errorCode === 'timeout' && wasTooLate(task, attempt, first)
        ? ['target answered too late']
        : [];
    default:
      return [];
  }
}

function kindsOf(faults: readonly { name: string }[]): string[] {
  return [...new Set(faults.map(({ name }) => name))];
}

/** The attempt began after its claim, so an answer this late may have come past the deadline. Spec: DLV-030. */
function wasTooLate({ submits }: TaskHistory, attempt: AttemptHistory, { answered }: Delivery): boolean {
  const timeoutMs = submits[0]?.submit.timeoutMs ?? 0;
  return answered !== undefined && answered.at >= attempt.claim.begunAt + timeoutMs;
}
