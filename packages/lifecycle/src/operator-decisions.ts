import type { TaskState } from '@dispatchr/contract';
import { findTransition } from './state-table.ts';

/** Whether `run` makes a task in `state` due now. */
export function runDecision(state: TaskState): 'run' | 'wrong-state' {
  return findTransition(state, 'run') ? 'run' : 'wrong-state';
}

/** Whether `retry` gives a task in `state` a new budget and makes it due now. */
export function retryDecision(state: TaskState): 'retry' | 'wrong-state' {
  return findTransition(state, 'retry') ? 'retry' : 'wrong-state';
}

/** Whether a task in `state` may be deleted; what is not terminal has to be cancelled first. */
export function deleteDecision(state: TaskState): 'delete' | 'wrong-state' {
  return findTransition(state, 'delete') ? 'delete' : 'wrong-state';
}
