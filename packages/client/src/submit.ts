import type { BatchResult, TaskSubmission, TaskSummary } from '@dispatchr/contract';
import { v7 as timeOrderedId } from 'uuid';
import type { MakeCall } from './requests/call.ts';
import { jsonText } from './requests/json-text.ts';
import type { RecorderApi } from './requests/recorder-api.ts';
import type { CallOptions, Submission, SubmitOptions } from './submission.ts';

/** Submits one task. The id is chosen before the first try, so that each further one is the same submit. */
export function submitTask(
  api: RecorderApi,
  makeCall: MakeCall,
  task: Submission,
  options: SubmitOptions,
): Promise<TaskSummary> {
  const { idempotencyKey, waitMs = 0, signal } = options;
  const body = idempotencyKey === undefined ? withId(task) : (task as TaskSubmission);
  // Serialised once, so that a task which is changed meanwhile is still the same in each try.
  const text = jsonText(body);
  checkHeaders(options);
  return makeCall<TaskSummary>({
    request: 'POST /v1/tasks',
    repeatable: true,
    signal,
    waitMs,
    send: (trySignal, elapsedMs) =>
      api.POST('/v1/tasks', {
        params: { header: headersOf(options, waitMs - elapsedMs) },
        body,
        bodySerializer: () => text,
        signal: trySignal,
      }),
  });
}

/** Submits a batch. Each task gets its id before the first try. */
export function submitTaskBatch(
  api: RecorderApi,
  makeCall: MakeCall,
  tasks: readonly Submission[],
  { signal }: CallOptions,
): Promise<BatchResult> {
  const body = { tasks: tasks.map(withId) };
  const text = jsonText(body);
  return makeCall<BatchResult>({
    request: 'POST /v1/tasks/batch',
    repeatable: true,
    signal,
    send: (trySignal) => api.POST('/v1/tasks/batch', { body, bodySerializer: () => text, signal: trySignal }),
  });
}

function withId(task: Submission): TaskSubmission {
  // A `Date` becomes the text of an instant when it is serialised.
  return { ...(task as TaskSubmission), id: task.id ?? timeOrderedId() };
}

function headersOf(options: SubmitOptions, waitMs: number): Record<string, string> {
  const { idempotencyKey, traceparent, tracestate } = options;
  const headers: Record<string, string> = {};
  if (idempotencyKey !== undefined) headers['Idempotency-Key'] = quoted(idempotencyKey);
  if (waitMs > 0) headers['Prefer'] = `wait=${Math.ceil(waitMs / 1000)}`;
  if (traceparent !== undefined) headers['traceparent'] = traceparent;
  if (tracestate !== undefined) headers['tracestate'] = tracestate;
  return headers;
}

/** Throws what `fetch` would throw at each try, and be taken for a lost connection. */
function checkHeaders(options: SubmitOptions): void {
  const { idempotencyKey: key } = options;
  if (key !== undefined && !/^[\u0020-\u007e]{1,255}$/.test(key)) {
    throw new TypeError(
      `expected an idempotencyKey of 1 to 255 printable ASCII characters, got ${jsonText(key)}`,
    );
  }
  void new Headers(headersOf(options, 0));
}

function quoted(key: string): string {
  return `"${key.replaceAll(/["\\]/g, String.raw`\$&`)}"`;
}
