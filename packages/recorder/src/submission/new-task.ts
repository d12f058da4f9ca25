import { DEFAULTS } from '@dispatchr/contract';
import type { RequestTemplate, ScheduledTask, TaskSubmission } from '@dispatchr/contract';
import { originOf, remember } from '@dispatchr/lifecycle';
import type { NewTask, ScheduledTaskContent } from '@dispatchr/store';
import { fingerprintOf } from '../fingerprint.ts';
import { RawJson } from '../json/raw-json.ts';
import { toUtc } from '../validation/instant.ts';

const rememberedOriginOf = remember(originOf);

/** What goes with a submission beside its body. */
export interface SubmissionContext {
  newId: () => string;
  /** The text of the submission as it was sent. */
  source: string;
  idempotencyKey?: string;
  traceparent?: string;
  tracestate?: string;
}

/** What is recorded of a valid submission; what the producer left out stays absent, but for queue and priority. */
export function toNewTask(submission: TaskSubmission, context: SubmissionContext): NewTask {
  const { newId, source, ...beside } = context;
  const { id, dueAt, delayMs, expiresAt, ...work } = submission;
  const hasIdentity = id !== undefined || beside.idempotencyKey !== undefined;
  return {
    ...beside,
    ...toScheduledTask(work),
    id: id ?? newId(),
    ...(hasIdentity && { fingerprint: fingerprintOf(source) }),
    ...(dueAt !== undefined && { dueAt: toUtc(dueAt) }),
    ...(delayMs !== undefined && { delayMs }),
    ...(expiresAt !== undefined && { expiresAt: toUtc(expiresAt) }),
  };
}

/** What is recorded of each task of a schedule: a submission without an id and times of its own. */
export function toScheduledTask(task: ScheduledTask): ScheduledTaskContent {
  const { target, taskArgs, request, queue, flowKey, priority, ...asSent } = task;
  const origin = rememberedOriginOf(target);
  return {
    ...asSent,
    target,
    origin,
    ...(taskArgs instanceof RawJson && { taskArgs: taskArgs.text }),
    ...(request && { request: toStoredRequest(request) }),
    queue: queue ?? DEFAULTS.queue,
    flowKey: flowKey ?? origin,
    priority: priority ?? DEFAULTS.priority,
  };
}

function toStoredRequest(request: RequestTemplate): NonNullable<NewTask['request']> {
  return { ...request, method: request.method ?? DEFAULTS.request.method };
}
