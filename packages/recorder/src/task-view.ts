import { DEFAULTS } from '@dispatchr/contract';
import type { Attempt, Task, TaskSummary } from '@dispatchr/contract';
import { resolveRetryPolicy } from '@dispatchr/lifecycle';
import type { AttemptRecord, TaskContent, TaskRecord } from '@dispatchr/store';
import { RawJson } from './json/raw-json.ts';

/** A task as submit answers and lists show it: defaults resolved, members without a value left out. */
export function toTaskSummary(record: TaskRecord): TaskSummary {
  const {
    seq: _seq,
    dueAt,
    expiresAt,
    createdAt,
    startedAt,
    finishedAt,
    cancelRequestedAt,
    ...asStored
  } = record;
  return {
    ...asStored,
    dueAt: dueAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    timeoutMs: record.timeoutMs ?? DEFAULTS.timeoutMs,
    retry: resolveRetryPolicy(record.retry),
    createdAt: createdAt.toISOString(),
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    ...(cancelRequestedAt && { cancelRequestedAt: cancelRequestedAt.toISOString() }),
  };
}

/** A task with its content; its arguments stay the text that was submitted. */
export function toTask(record: TaskRecord, content: TaskContent): Task {
  const { taskArgs, request, headers, ...asStored } = content;
  return {
    ...toTaskSummary(record),
    ...asStored,
    ...(request && { request: request as NonNullable<Task['request']> }),
    ...(headers && { headers }),
    ...(taskArgs !== undefined && { taskArgs: new RawJson(taskArgs) }),
  };
}

/** An attempt as the API shows it. */
export function toAttempt({ startedAt, endedAt, ...asStored }: AttemptRecord): Attempt {
  return { ...asStored, startedAt: startedAt.toISOString(), endedAt: endedAt.toISOString() };
}
