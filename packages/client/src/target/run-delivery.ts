import type { Delivery } from './delivery.ts';
import { Reject, RetryLater } from './handler-errors.ts';
import { completed, problemAnswer } from './target-answer.ts';
import type { TargetAnswer } from './target-answer.ts';
import type { RunTask, TaskContext, TaskHandler } from './task.ts';
import { validateArgs } from './validate-args.ts';

/** Gets what a handler threw and was not meant for the scheduler. */
export type OnError = (error: unknown, delivery: Delivery) => void | Promise<void>;

/** Runs the handler and says with an answer what came of it; never rejects. */
export async function runDelivery(
  handler: TaskHandler | undefined,
  delivery: Delivery,
  context: TaskContext,
  onError: OnError,
): Promise<TargetAnswer> {
  const { taskName } = delivery;
  if (handler === undefined) {
    return problemAnswer({
      status: 404,
      detail: `expected a task that is known here, got ${JSON.stringify(taskName)}`,
    });
  }
  try {
    const checked = await validateArgs(handler.args, delivery.taskArgs);
    if ('errors' in checked) {
      const detail = `expected other arguments for ${taskName}`;
      return problemAnswer({ status: 422, detail, errors: checked.errors });
    }
    // What the schema made of the arguments is what the handler was typed by.
    await (handler.run as RunTask<unknown>)(checked.args, delivery, context);
    return completed();
  } catch (error) {
    return answerTo(error, delivery, onError);
  }
}

async function answerTo(error: unknown, delivery: Delivery, onError: OnError): Promise<TargetAnswer> {
  if (error instanceof RetryLater) {
    const { afterMs, message: detail } = error;
    const after = afterMs === undefined ? {} : { 'retry-after': String(Math.ceil(afterMs / 1000)) };
    return problemAnswer({ status: 500, detail, headers: after });
  }
  if (error instanceof Reject) {
    return problemAnswer({ status: 422, detail: error.message, headers: { 'dispatchr-retry': 'no' } });
  }
  try {
    await onError(error, delivery);
  } catch {
    // The answer does not depend on whether the error could be reported.
  }
  return problemAnswer({ status: 500, detail: 'the handler failed; the cause is in the log of the target' });
}
