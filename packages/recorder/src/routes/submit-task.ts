import type { TaskSubmission } from '@dispatchr/contract';
import type { SubmitResult, TaskRecord } from '@dispatchr/store';
import type { OperationAnswer, OperationHandler, OperationRequest } from '../operation-types.ts';
import { invalidRequest, problem } from '../problems.ts';
import type { ProblemAnswer } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { parseIdempotencyKey } from '../submission/idempotency-key.ts';
import { toNewTask } from '../submission/new-task.ts';
import { preferredWaitMs, prefersWait } from '../submission/preferences.ts';
import { missingFeature } from '../submission/required-feature.ts';
import { traceContextOf } from '../submission/trace-context.ts';
import { toTaskSummary } from '../task-view.ts';

/** POST /v1/tasks: answers after the commit. */
export function submitTask(context: RecorderContext): OperationHandler<'submitTask'> {
  return async ({ body, headers, sourceOf, onGone }) => {
    const key = readKey(body, headers);
    if (key.kind === 'refused') return key.answer;
    const refusal = refuseSubmission(body, headers, key.key !== undefined, context);
    if (refusal) return refusal;
    const submitted = toNewTask(body, {
      newId: context.newId,
      source: sourceOf(body),
      ...(key.key !== undefined && { idempotencyKey: key.key }),
      ...traceContextOf(headers),
    });
    const result = await context.store.submitTask(submitted);
    if (result.kind === 'created') context.onRecorded([result.task]);
    if (result.kind === 'conflict') return conflictOf(result);
    const waitMs = Math.min(preferredWaitMs(headers['prefer']), context.limits.maxWaitMs);
    const task = waitMs > 0 ? await waitFor(result.task, waitMs, context, onGone) : result.task;
    return answerOf(result.kind, task, context.prefix);
  };
}

/** What a submission is refused for although it is well-formed, or undefined; the pointer begins with `place`. */
export function refuseTask(
  submission: TaskSubmission,
  { features, judgeTarget }: RecorderContext,
  place = '',
): ProblemAnswer<'feature-not-supported' | 'target-blocked'> | undefined {
  const feature = missingFeature(submission, features);
  if (feature) return featureNotSupported(feature);
  const verdict = judgeTarget(submission.target);
  if (verdict.allowed) return undefined;
  const errors = [{ pointer: `${place}/target`, detail: verdict.detail }];
  return problem('target-blocked', { detail: verdict.detail, errors });
}

/** 422 `feature-not-supported`. */
export function featureNotSupported(feature: string): ProblemAnswer<'feature-not-supported'> {
  return problem('feature-not-supported', {
    detail: `expected only features that /.well-known/dispatchr declares, got one that needs "${feature}"`,
    feature,
  });
}

type Headers = OperationRequest<'submitTask'>['headers'];

type KeyResult =
  { kind: 'key'; key: string | undefined } | { kind: 'refused'; answer: ProblemAnswer<'invalid-request'> };

function readKey(submission: TaskSubmission, headers: Headers): KeyResult {
  const value = headers['idempotency-key'];
  if (value === undefined) return { kind: 'key', key: undefined };
  const read = parseIdempotencyKey(String(value));
  if (read.kind === 'malformed') return refusedKey(read.detail);
  if (submission.id !== undefined) return refusedKey('expected either "id" or an Idempotency-Key, got both');
  return { kind: 'key', key: read.key };
}

function refusedKey(detail: string): KeyResult {
  return { kind: 'refused', answer: invalidRequest([{ parameter: 'Idempotency-Key', detail }]) };
}

function refuseSubmission(
  submission: TaskSubmission,
  headers: Headers,
  hasKey: boolean,
  context: RecorderContext,
): ProblemAnswer<'feature-not-supported' | 'target-blocked'> | undefined {
  if (prefersWait(headers['prefer']) && !context.features.includes('wait'))
    return featureNotSupported('wait');
  if (hasKey && !context.features.includes('idempotency-key')) return featureNotSupported('idempotency-key');
  return refuseTask(submission, context);
}

/** Waits until the task is terminal, the time is over, the recorder closes or nobody is there to hear of it. */
async function waitFor(
  task: TaskRecord,
  waitMs: number,
  { store, closing }: RecorderContext,
  onGone: (run: () => void) => void,
): Promise<TaskRecord> {
  if (closing.aborted) return task;
  const ending = new AbortController();
  const end = (): void => ending.abort();
  onGone(end);
  // `AbortSignal.any` would leave a listener on `closing` for each submit, on older versions of Node.
  closing.addEventListener('abort', end, { once: true });
  try {
    return await store.untilFinished(task, waitMs, ending.signal);
  } finally {
    closing.removeEventListener('abort', end);
  }
}

function conflictOf({ member }: Extract<SubmitResult, { kind: 'conflict' }>) {
  if (member === 'idempotencyKey')
    return problem('idempotency-key-reused', { detail: conflictDetail('key') });
  return problem('task-id-conflict', {
    detail: conflictDetail('id'),
    errors: [{ pointer: '/id', detail: conflictDetail('id') }],
  });
}

function answerOf(
  kind: 'created' | 'existing',
  task: TaskRecord,
  prefix: string,
): OperationAnswer<'submitTask'> {
  const created = taskCreated(task, prefix);
  return kind === 'created' ? created : { ...created, status: 200 };
}

/** 201 with a task that was recorded just now. */
export function taskCreated(task: TaskRecord, prefix: string) {
  const body = toTaskSummary(task);
  return { status: 201, headers: { Location: `${prefix}/v1/tasks/${body.id}` }, body } as const;
}

function conflictDetail(what: 'id' | 'key'): string {
  return `expected the content that was first submitted with this ${what}, got other content`;
}
