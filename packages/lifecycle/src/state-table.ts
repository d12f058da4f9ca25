import { TRANSITIONS } from '@dispatchr/contract';
import type { TaskState, Transition, TransitionEvent } from '@dispatchr/contract';

/** The row of the specification's state table for an event that can end in one way only, if there is one. */
export function findTransition(from: TaskState, event: TransitionEvent): Transition | undefined {
  return TRANSITIONS.find((row) => row.from === from && row.event === event);
}
