import type { TaskState } from '@dispatchr/contract';
import { findTransition } from './state-table.ts';

/**
 * What a cancel does to a task: `cancel` it at once, `request-cancel` of the attempt in flight (it settles as
 * completed if it ends 2xx, else as cancelled), nothing since it is `already-cancelled`, or `wrong-state`.
 */
export type CancelDecision = 'cancel' | 'request-cancel' | 'already-cancelled' | 'wrong-state';

/** The answer to a producer's or operator's cancel of a task in `state`. */
export function cancelDecision(state: TaskState): CancelDecision {
  const transition = findTransition(state, 'cancel');
  if (!transition) return 'wrong-state';
  if (transition.to !== 'cancelled') return 'request-cancel';
  return state === 'cancelled' ? 'already-cancelled' : 'cancel';
}
