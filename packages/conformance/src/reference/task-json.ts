import { showInstant } from './instant.ts';
import type { Settings } from './settings.ts';
import type { Attempt, RequestTemplate, Task } from './task.ts';

/** What submit answers and lists show of a task, as JSON text. */
export function summaryJson(task: Task, settings: Settings): string {
  const { mutants } = settings;
  const bare = mutants.has('defaults-not-resolved');
  return objectJson(settings, {
    id: task.id,
    state: task.state,
    reason: task.reason,
    target: task.target,
    taskName: task.taskName,
    queue: bare && task.queue === 'default' ? undefined : task.queue,
    flowKey: task.flowKey,
    priority: task.priority,
    dueAt: instant(shownDueAtMs(task, settings), settings),
    expiresAt: instant(task.expiresAtMs, settings),
    timeoutMs: bare && task.timeoutMs === 30_000 ? undefined : task.timeoutMs,
    retry: task.retry,
    createdAt: instant(task.createdAtMs, settings),
    attempt: task.attempt,
    attemptsUsed: task.attemptsUsed,
    startedAt: instant(shownStartedAtMs(task, settings), settings),
    finishedAt: instant(shownFinishedAtMs(task, settings), settings)?.replace(
      'Z',
      mutants.has('finished-at-with-offset') ? '+00:00' : 'Z',
    ),
    cancelRequestedAt: instant(task.cancelRequestedAtMs, settings),
  });
}

function shownDueAtMs(task: Task, { mutants }: Settings): number {
  const isWaiting = task.state === 'pending' && task.attempt > 0;
  return isWaiting && mutants.has('due-at-of-the-last-attempt-while-waiting')
    ? (task.startedAtMs ?? task.dueAtMs)
    : task.dueAtMs;
}

function shownStartedAtMs(task: Task, { mutants }: Settings): number | undefined {
  if (task.attempt === 0 && mutants.has('started-before-the-claim')) return task.createdAtMs;
  return task.state === 'running' && mutants.has('started-at-only-at-the-end') ? undefined : task.startedAtMs;
}

function shownFinishedAtMs({ finishedAtMs }: Task, { mutants }: Settings): number | undefined {
  if (finishedAtMs === undefined || !mutants.has('archived-in-whole-seconds')) return finishedAtMs;
  return Date.now() - finishedAtMs > 400 ? Math.floor(finishedAtMs / 1000) * 1000 : finishedAtMs;
}

/** A task with its content, as JSON text; `taskArgs` stands there as it was submitted. Spec: REC-050. */
export function taskJson(task: Task, settings: Settings, waiting?: string): string {
  const headers = task.headers?.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const content = {
    waiting,
    taskArgs: task.taskArgs,
    request: task.request && JSON.stringify(shownRequest(task.request, settings)),
    headers: headers && !settings.mutants.has('headers-not-shown') ? `{${headers.join(',')}}` : undefined,
    idempotencyKey: task.idempotencyKey && JSON.stringify(shownKey(task.idempotencyKey, settings)),
    traceparent: task.traceparent && JSON.stringify(task.traceparent),
    tracestate: task.tracestate && JSON.stringify(task.tracestate),
  };
  const members = Object.entries(content).filter(([, text]) => text !== undefined);
  return summaryJson(task, settings).replace(/\}$/, () =>
    [...members.map(([name, text]) => `,"${name}":${text}`), '}'].join(''),
  );
}

function shownRequest(request: RequestTemplate, { mutants }: Settings): RequestTemplate {
  return mutants.has('request-shown-as-post') ? { ...request, method: 'POST' } : request;
}

function shownKey(key: string, { mutants }: Settings): string {
  return mutants.has('key-shown-as-sent') ? `"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"` : key;
}

/** One attempt, as JSON text. */
export function attemptJson(attempt: Attempt, settings: Settings): string {
  const { mutants } = settings;
  const lost = mutants.has('response-body-lost');
  const isRetried = attempt.outcome === 'retryable';
  return objectJson(settings, {
    attempt: attempt.attempt,
    scheduler: attempt.scheduler,
    startedAt: instant(attempt.startedAtMs, settings),
    endedAt: instant(attempt.endedAtMs, settings),
    durationMs: attempt.durationMs,
    outcome: attempt.outcome,
    status:
      attempt.errorCode === 'connection-reset' && mutants.has('reset-shown-as-502') ? 502 : attempt.status,
    errorCode:
      attempt.errorCode ??
      (isRetried && mutants.has('error-code-beside-status') ? 'connection-failed' : undefined),
    errorMessage: attempt.errorMessage,
    responseBody: lost ? undefined : attempt.responseBody,
  });
}

/** An object of a response as JSON text: members without a value are left out. Spec: JSN-031. */
export function objectJson({ mutants, variants }: Settings, members: Record<string, unknown>): string {
  const unknown = variants.has('extra-members') ? { 'x-unknown': { to: ['every', 'reader', null] } } : {};
  const isNull = 'cancelRequestedAt' in members && mutants.has('absent-shown-as-null');
  const nulls = isNull ? { cancelRequestedAt: members['cancelRequestedAt'] ?? null } : {};
  return JSON.stringify({ ...members, ...nulls, ...unknown });
}

function instant(ms: number | undefined, { mutants }: Settings): string | undefined {
  if (ms === undefined) return undefined;
  return mutants.has('instants-without-milliseconds') ? showInstant(ms).replace('.000', '') : showInstant(ms);
}
