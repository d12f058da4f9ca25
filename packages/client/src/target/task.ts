import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { Delivery } from './delivery.ts';

/** What a handler gets beside arguments and delivery. */
export interface TaskContext {
  /** Aborted when the scheduler no longer waits for the answer: its deadline is over, or the connection was lost. */
  signal: AbortSignal;
}

/** Does a task. What it returns does not matter: the task is completed. Throw `RetryLater`, `Reject` or any error otherwise. */
export type RunTask<Args> = (args: Args, delivery: Delivery, context: TaskContext) => unknown;

declare const isChecked: unique symbol;

/** A task's handler and what its arguments must be. Only `task` makes one, so that the two fit. */
export interface TaskHandler {
  readonly [isChecked]: true;
  readonly args: StandardSchemaV1 | undefined;
  readonly run: RunTask<never>;
}

/** A handler whose arguments are checked by a schema (zod, valibot, arktype …), and typed as what the schema makes of them. */
export function task<Schema extends StandardSchemaV1>(definition: {
  args: Schema;
  run: RunTask<StandardSchemaV1.InferOutput<Schema>>;
}): TaskHandler;
/** A handler that takes its arguments as they come. */
export function task(definition: { run: RunTask<unknown> }): TaskHandler;
export function task({ args, run }: { args?: StandardSchemaV1; run: RunTask<never> }): TaskHandler {
  return { args, run } as TaskHandler;
}
