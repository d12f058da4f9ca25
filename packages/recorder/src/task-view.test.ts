import { recorderOpenApi } from '@dispatchr/contract';
import type { AttemptRecord, TaskRecord } from '@dispatchr/store';
import { expect, test } from 'vitest';
import { toAttempt, toTask, toTaskSummary } from './task-view.ts';

const at = new Date('2026-11-22T14:50:00.123Z');
/** Every member a task can have, last first. */
const task: Required<TaskRecord> = {
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
  ['Task', toTask(task, content)],
  ['RetryPolicy', toTaskSummary(task).retry],
  ['Attempt', toAttempt(attempt)],
])('the members of a %s come in the order of the specification', (model, view) => {
  expect(Object.keys(view)).toEqual(membersOf(model));
});

test('members without a value are left out', () => {
  const { reason: _, taskName: __, expiresAt: ___, ...few } = task;
  expect(Object.values(toTaskSummary(few))).not.toContain(undefined);
  expect(toTaskSummary(few)).not.toHaveProperty('reason');
  expect(toTask(task, {})).toEqual(toTaskSummary(task));
});

/** A model that extends another has that one's members first. */
function membersOf(model: string): string[] {
  const schema = recorderOpenApi.components.schemas[model];
  return Object.keys(schema?.['properties'] as object);
}
