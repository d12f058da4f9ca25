import { TASK_STATES } from '@dispatchr/contract';
import { expect, test } from 'vitest';
import { deleteDecision, retryDecision, runDecision } from './operator-decisions.ts';

const statesFor = (decision: (state: (typeof TASK_STATES)[number]) => string) =>
  TASK_STATES.filter((state) => decision(state) !== 'wrong-state');

test('only a pending task can be run', () => {
  expect(statesFor(runDecision)).toEqual(['pending']);
});

test('every terminal task can be retried, and no other', () => {
  expect(statesFor(retryDecision)).toEqual(['completed', 'failed', 'cancelled']);
});

test('every terminal task can be deleted, and no other', () => {
  expect(statesFor(deleteDecision)).toEqual(['completed', 'failed', 'cancelled']);
});
