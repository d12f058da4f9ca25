import type { TaskState } from '@dispatchr/contract';
import { expect, test } from 'vitest';
import { cancelDecision } from './cancellation.ts';

test.each<[TaskState, string]>([
  ['pending', 'cancel'],
  ['running', 'request-cancel'],
  ['cancelled', 'already-cancelled'],
  ['completed', 'wrong-state'],
  ['failed', 'wrong-state'],
])('cancelling a %s task: %s', (state, decision) => {
  expect(cancelDecision(state)).toBe(decision);
});
