export { createClient } from './create-client.ts';
export { CLIENT_DEFAULTS } from './client-options.ts';
export type { ClientOptions, RetryOptions } from './client-options.ts';
export type { DispatchrClient, TaskFilter } from './dispatchr-client.ts';
export type { List, ListOptions, Page } from './list.ts';
export type { ScheduleSettings, Schedules } from './schedules.ts';
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
  Schedule,
  ScheduledTask,
  TargetHealth,
  Task,
  TaskSubmission,
  TaskSummary,
} from '@dispatchr/contract';
