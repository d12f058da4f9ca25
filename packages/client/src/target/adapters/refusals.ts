import { problemAnswer } from '../target-answer.ts';
import type { TargetAnswer } from '../target-answer.ts';

/** 413, which fails the task: a body does not shrink from one attempt to the next. */
export function bodyTooLarge(maxBytes: number): TargetAnswer {
  return problemAnswer({ status: 413, detail: `expected a body of at most ${maxBytes} bytes, got more` });
}

/** 500, which is tried again: the fault is in how the target is put together. `remedy` says how to mend it. */
export function bodyEaten(remedy: string): TargetAnswer {
  const detail = `expected the raw body, got one that was read by something before this handler; ${remedy}`;
  return problemAnswer({ status: 500, detail });
}
