import { problem } from './problems.ts';
import type { ProblemAnswer } from './problems.ts';
import { show } from './validation/show.ts';

const QUEUE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~:-]{1,128}$/;

/** Whether a text can be the name of a queue at all; what cannot is never looked up. */
export function isQueueName(name: string): boolean {
  return QUEUE_NAME.test(name);
}

/** 404 for a name that no queue has. */
export function queueNotFound(name: string): ProblemAnswer<'queue-not-found'> {
  return problem('queue-not-found', { detail: `expected the name of a queue, got ${show(name)}` });
}
