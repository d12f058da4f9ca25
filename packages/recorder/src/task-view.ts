import { DEFAULTS } from '@dispatchr/contract';
import type { Attempt, RetryPolicy, Task, TaskSummary, Waiting } from '@dispatchr/contract';
import { resolveRetryPolicy } from '@dispatchr/lifecycle';
import type { AttemptRecord, FoundTask, TaskRecord, TaskWaiting } from '@dispatchr/store';
import { RawJson } from './json/raw-json.ts';

/** A task as submit answers and lists show it: defaults of queue and specification resolved, members without a value left out. */
export function toTaskSummary(record: TaskRecord): TaskSummary {
  const { reason, taskName, expiresAt, startedAt, finishedAt, cancelRequestedAt } = record;
  // The order of the members is that of the specification's model, for those who read it.
  return {
    id: record.id,
    state: record.state,
    ...(reason !== undefined && { reason }),
    target: record.target,
    ...(taskName !== undefined && { taskName }),
    queue: record.queue,
    flowKey: record.flowKey,
    priority: record.priority,
    dueAt: record.dueAt.toISOString(),
    ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
    timeoutMs: record.timeoutMs ?? record.queueDefaults?.timeoutMs ?? DEFAULTS.timeoutMs,
    retry: toRetryPolicy(record),
    createdAt: record.createdAt.toISOString(),
    attempt: record.attempt,
    attemptsUsed: record.attemptsUsed,
    ...(startedAt && { startedAt: startedAt.toISOString() }),
    ...(finishedAt && { finishedAt: finishedAt.toISOString() }),
    ...(cancelRequestedAt && { cancelRequestedAt: cancelRequestedAt.toISOString() }),
  };
}

/** A task with its content; its arguments stay the text that was submitted. */
export function toTask({ task, content, waiting }: FoundTask): Task {
  const { taskArgs, request, headers, idempotencyKey, traceparent, tracestate } = content;
  return {
    ...toTaskSummary(task),
    ...(waiting && { waiting: toWaiting(waiting) }),
    ...(taskArgs !== undefined && { taskArgs: new RawJson(taskArgs) }),
    ...(request && { request: request as NonNullable<Task['request']> }),
    ...(headers && { headers }),
    ...(idempotencyKey !== undefined && { idempotencyKey }),
    ...(traceparent !== undefined && { traceparent }),
    ...(tracestate !== undefined && { tracestate }),
  };
}

/** An attempt as the API shows it. */
export function toAttempt(record: AttemptRecord): Attempt {
  const { status, errorCode, errorMessage, responseBody } = record;
  return {
    attempt: record.attempt,
    scheduler: record.scheduler,
    startedAt: record.startedAt.toISOString(),
    endedAt: record.endedAt.toISOString(),
    durationMs: record.durationMs,
    outcome: record.outcome,
    ...(status !== undefined && { status }),
    ...(errorCode !== undefined && { errorCode }),
    ...(errorMessage !== undefined && { errorMessage }),
    ...(responseBody !== undefined && { responseBody }),
  };
}

function toWaiting({ reason, until, before }: TaskWaiting): Waiting {
  return {
    reason,
    ...(until && { until: until.toISOString() }),
    ...(before !== undefined && { before }),
  };
}

/** The lists stand last, whichever members were given. */
function toRetryPolicy({ retry, queueDefaults }: TaskRecord): RetryPolicy {
  const { retryOn, failOn, ...figures } = resolveRetryPolicy(retry, queueDefaults?.retry);
  return { ...figures, retryOn, failOn };
}
