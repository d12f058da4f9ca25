import { recorderOpenApi } from '@dispatchr/contract';
import type { AttemptRecord, FoundTask, TaskRecord } from '@dispatchr/store';
import { expect, test } from 'vitest';
import { toAttempt, toTask, toTaskSummary } from './task-view.ts';

const at = new Date('2026-11-22T14:50:00.123Z');
/** Every member a task can have, last first. */
const task: Required<TaskRecord> = {
  queueDefaults: { timeoutMs: 2, retry: { maxAttempts: 9, jitter: 0 } },
  cancelRequestedAt: at,
  finishedAt: at,
  startedAt: at,
  attemptsUsed: 1,
  attempt: 2,
  createdAt: at,
  retry: { failOn: ['404'], maxDurationMs: 5, maxAttempts: 3 },
  timeoutMs: 1,
  expiresAt: at,
  dueAt: at,
  priority: 1,
  flowKey: 'tenant-17',
  queue: 'default',
  taskName: 'send-receipt',
  target: 'https://app.example.com/tasks',
  reason: 'exhausted',
  state: 'failed',
  id: 'a',
  seq: 1,
};
const content = {
  tracestate: 'a=b',
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  idempotencyKey: 'k',
  headers: { 'X-A': '1' },
  request: { method: 'POST' },
  taskArgs: '{}',
};
const waiting: Required<NonNullable<FoundTask['waiting']>> = { before: 1, until: at, reason: 'ready' };
const attempt: Required<AttemptRecord> = {
  responseBody: 'no',
  errorMessage: 'reset',
  errorCode: 'connection-reset',
  status: 500,
  outcome: 'retryable',
  durationMs: 1,
  endedAt: at,
  startedAt: at,
  scheduler: 's',
  attempt: 1,
};

test.each([
  ['TaskSummary', toTaskSummary(task)],
  ['Task', toTask({ task, content, waiting })],
  ['RetryPolicy', toTaskSummary(task).retry],
  ['Waiting', toTask({ task, content, waiting }).waiting ?? {}],
  ['Attempt', toAttempt(attempt)],
])('the members of a %s come in the order of the specification', (model, view) => {
  expect(Object.keys(view)).toEqual(membersOf(model));
});

test('members without a value are left out', () => {
  const { reason: _, taskName: __, expiresAt: ___, ...few } = task;
  expect(Object.values(toTaskSummary(few))).not.toContain(undefined);
  expect(toTaskSummary(few)).not.toHaveProperty('reason');
  expect(toTask({ task, content: {} })).toEqual(toTaskSummary(task));
});

test('what the submission left out is that of the queue, then that of the specification', () => {
  const { timeoutMs: _, ...own } = task;
  const { jitter, maxAttempts, multiplier } = toTaskSummary(own).retry;
  expect(toTaskSummary(task).timeoutMs).toBe(1);
  expect(toTaskSummary(own).timeoutMs).toBe(2);
  expect({ jitter, maxAttempts, multiplier }).toEqual({ jitter: 0, maxAttempts: 3, multiplier: 2 });
});

/** A model that extends another has that one's members first. */
function membersOf(model: string): string[] {
  const schema = recorderOpenApi.components.schemas[model];
  return Object.keys(schema?.['properties'] as object);
}
