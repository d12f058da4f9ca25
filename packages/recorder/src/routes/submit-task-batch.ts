import type { BatchResult } from '@dispatchr/store';
import type { OperationAnswer, OperationHandler } from '../operation-types.ts';
import { invalidRequest, payloadTooLarge, problem } from '../problems.ts';
import type { RecorderContext } from '../recorder-options.ts';
import { toNewTask } from '../submission/new-task.ts';
import { prefersWait } from '../submission/preferences.ts';
import { traceContextOf } from '../submission/trace-context.ts';
import { toTaskSummary } from '../task-view.ts';
import { shorten } from '../validation/show.ts';
import { featureNotSupported, refuseTask } from './submit-task.ts';

/** POST /v1/tasks/batch: all tasks in one commit, or none. */
export function submitTaskBatch(context: RecorderContext): OperationHandler<'submitTaskBatch'> {
  const { features, limits, newId, store } = context;
  return async ({ body, headers, sourceOf }) => {
    if (prefersWait(headers['prefer']))
      return features.includes('wait') ? noWaitHere() : featureNotSupported('wait');
    if (!features.includes('batch')) return featureNotSupported('batch');
    const key = headers['idempotency-key'];
    if (key !== undefined) return noKeyHere(String(key));
    const sources = body.tasks.map(sourceOf);
    const tooLarge = sources.findIndex((source) => Buffer.byteLength(source) > limits.maxTaskBytes);
    if (tooLarge !== -1) return payloadTooLarge(limits.maxTaskBytes, `/tasks/${tooLarge}`);
    for (const [index, task] of body.tasks.entries()) {
      const refusal = refuseTask(task, context, `/tasks/${index}`);
      if (refusal) return refusal;
    }
    const trace = traceContextOf(headers);
    const tasks = body.tasks.map((task, index) =>
      toNewTask(task, { newId, source: sources[index] ?? '', ...trace }),
    );
    const result = await store.submitBatch(tasks);
    if (result.kind === 'recorded') reportRecorded(result, context);
    return answerOf(result);
  };
}

type Recorded = Extract<BatchResult, { kind: 'recorded' }>;

function reportRecorded(result: Recorded, { onRecorded }: RecorderContext): void {
  const created = result.tasks.filter((item) => item.created).map(({ task }) => task);
  if (created.length > 0) onRecorded(created);
}

function answerOf(result: BatchResult): OperationAnswer<'submitTaskBatch'> {
  if (result.kind === 'conflict') {
    const detail = 'expected the content that was first submitted with this id, got other content';
    const pointer = `/tasks/${result.index}/id`;
    return problem('task-id-conflict', { detail: `${pointer}: ${detail}`, errors: [{ pointer, detail }] });
  }
  const tasks = result.tasks.map(({ created, task }) => ({ created, task: toTaskSummary(task) }));
  return { status: tasks.some(({ created }) => created) ? 201 : 200, body: { tasks } };
}

function noKeyHere(key: string) {
  const detail = `expected no key with a batch, got ${shorten(key)}; give each task an "id" instead`;
  return invalidRequest([{ parameter: 'Idempotency-Key', detail }]);
}

function noWaitHere() {
  const detail =
    'expected no preference "wait" with a batch, got one; read its tasks until they are finished';
  return invalidRequest([{ parameter: 'Prefer', detail }]);
}
