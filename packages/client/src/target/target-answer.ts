import type { ProblemError } from '@dispatchr/contract';

/** An answer of a target, for any server to send. */
export interface TargetAnswer {
  status: number;
  headers: Record<string, string>;
  /** Text, empty if there is none. */
  body: string;
}

/** A request that is not delivered to a handler: the status to answer with, and why. */
export interface Refusal {
  status: number;
  detail: string;
  /** What is wrong with the arguments, place by place. */
  errors?: ProblemError[];
  /** Headers beyond the Content-Type. */
  headers?: Record<string, string>;
}

const TITLES: Record<number, string> = {
  400: 'The body is no task',
  401: 'The signature does not hold',
  403: 'This is no delivery of a task',
  404: 'There is no handler for this task',
  405: 'Tasks are delivered with POST',
  413: 'The body is too large',
  422: 'The task cannot be done',
  500: 'The task was not done',
};

/** The task is completed. */
export function completed(): TargetAnswer {
  return { status: 204, headers: {}, body: '' };
}

/** The refusal as an RFC 9457 problem. The recorder keeps the beginning of it with the attempt. */
export function problemAnswer({ status, detail, errors, headers = {} }: Refusal): TargetAnswer {
  const problem = { title: TITLES[status] ?? 'The task was not done', status, detail, errors };
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: JSON.stringify(problem),
  };
}
