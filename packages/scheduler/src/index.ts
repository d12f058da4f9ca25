export type { Clock } from './clock.ts';
export type { Lookup } from './delivery/connect.ts';
export { parseSigningSecrets } from './delivery/signature.ts';
export type { Logger } from './logger.ts';
export { SCHEDULER_DEFAULTS } from './options.ts';
export type { SchedulerOptions, SchedulerSettings } from './options.ts';
export { createScheduler } from './scheduler.ts';
export type { Scheduler } from './scheduler.ts';
