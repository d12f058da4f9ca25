import { LIMITS } from '@dispatchr/contract';
import { checkNames } from '../check-names.ts';
import { systemEnvironment } from '../environment.ts';
import type { Delivery } from './delivery.ts';
import { parseWithKeys } from './parse-delivery.ts';
import type { DeliveryRequest, SignatureOptions } from './parse-delivery.ts';
import { problemAnswer } from './target-answer.ts';
import type { TargetAnswer } from './target-answer.ts';
import { reportError } from './report-error.ts';
import { runDelivery } from './run-delivery.ts';
import { readSecrets } from './secrets.ts';
import type { TaskHandler } from './task.ts';

/** Options of `createTarget`. */
export interface TargetOptions extends SignatureOptions {
  /** A handler for each name of a task. */
  tasks: Readonly<Record<string, TaskHandler>>;
  /** Called with what a handler threw, other than `RetryLater` and `Reject`. Default: `console.error`. */
  onError?: (error: unknown, delivery: Delivery) => void | Promise<void>;
  /** The largest body that is read, in bytes. Default 1 MiB, the default of the recorder's `limits.maxTaskBytes`. */
  maxBodyBytes?: number;
}

/** A request to a target; `signal` is aborted when nobody waits for the answer any more. */
export type TargetRequest = DeliveryRequest & { signal?: AbortSignal };

/** A target: handlers for tasks, which any server can be put in front of. */
export interface Target {
  readonly maxBodyBytes: number;
  /** Does what a request asks for. Never rejects: whatever happens is an answer. */
  handle(request: TargetRequest): Promise<TargetAnswer>;
}

const NAMES = ['secrets', 'toleranceSeconds', 'tasks', 'onError', 'maxBodyBytes'];

/**
 * Makes a target of a map of handlers.
 *
 * | what happens | answer | what becomes of the task |
 * |---|---|---|
 * | the handler returns | 204 | completed |
 * | it throws `RetryLater` | 500, with `Retry-After` if it says when | tried again, not before that; nothing else is held back |
 * | it throws `Reject` | 422, with `Dispatchr-Retry: no` | failed, whatever the task's `retryOn` says |
 * | it throws anything else | 500, without the error, which `onError` gets | tried again |
 * | no handler has the task's name | 404 | tried again: the deploy that brings it may be under way |
 * | the schema refuses the arguments | 422, with the schema's issues | failed, unless the task's `retryOn` names 422 |
 * | the request is no delivery | see `parseDelivery` | |
 *
 * 500 for `RetryLater`, because a `Retry-After` with 429 holds back every task for the URL, and one with 503 every task for the
 * origin, whose circuit it also counts against.
 *
 * Throws a `TypeError` that names an option which is not valid.
 */
export function createTarget(options: TargetOptions): Target {
  checkNames('createTarget', options, NAMES);
  const { tasks, toleranceSeconds, onError = reportError, maxBodyBytes = LIMITS.maxTaskBytes } = options;
  const keys = readSecrets(options);
  const handlers = handlersByName(tasks);
  const neverAborted = new AbortController().signal;
  return {
    maxBodyBytes,
    async handle(request) {
      const parsed = parseWithKeys(request, { keys, toleranceSeconds }, systemEnvironment.epochMs());
      if (parsed.kind === 'refused') {
        const allow = parsed.status === 405 ? { allow: 'POST' } : {};
        return problemAnswer({ status: parsed.status, detail: parsed.detail, headers: allow });
      }
      const { delivery } = parsed;
      const context = { signal: request.signal ?? neverAborted };
      return runDelivery(handlers.get(delivery.taskName), delivery, context, onError);
    },
  };
}

/** A map, because an object has members that nobody put there. */
function handlersByName(tasks: TargetOptions['tasks']): Map<string, TaskHandler> {
  for (const [name, handler] of Object.entries<Partial<TaskHandler> | undefined>(tasks)) {
    if (typeof handler?.run === 'function') continue;
    const expected = `createTarget: expected tasks[${JSON.stringify(name)}] to be made with task({ args, run })`;
    throw new TypeError(`${expected}, got ${typeof handler}`);
  }
  return new Map(Object.entries(tasks));
}
