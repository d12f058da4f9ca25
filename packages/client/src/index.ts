export { createClient } from './create-client.ts';
export { CLIENT_DEFAULTS } from './client-options.ts';
export type { ClientOptions, RetryOptions } from './client-options.ts';
export type { DispatchrClient, ListOptions, TaskFilter } from './dispatchr-client.ts';
export type { List, Page } from './list.ts';
export type { CallOptions, Submission, SubmitOptions } from './submission.ts';
export { isTerminal } from './wait-for-task.ts';
export type { WaitOptions } from './wait-for-task.ts';
export { DispatchrError } from './errors/dispatchr-error.ts';
export { DispatchrUnreachableError } from './errors/dispatchr-unreachable-error.ts';
export type {
  Attempt,
  BatchResult,
  Discovery,
  Problem,
  ProblemError,
  ProblemName,
  Queue,
  TargetHealth,
  Task,
  TaskSubmission,
  TaskSummary,
} from '@dispatchr/contract';
