export { type Database, DatabaseUnavailableError } from './database/database.ts';
export type { DeleteQueueResult } from './change-queue.ts';
export { DataFolderLockedError } from './database/data-folder-lock.ts';
export { type EmbeddedOptions, openEmbedded } from './database/embedded.ts';
export type { Timer } from './database/postgres-connection.ts';
export { openPostgres, type PostgresOptions, UnsupportedDatabaseError } from './database/postgres.ts';
export { migrate, type MigrationReport, NewerSchemaError } from './migrate.ts';
export type { OperationResult } from './operate-tasks.ts';
export type { LostLeases } from './statements/take-over-lost-leases.ts';
export type { HeldTargetStore } from './held-target-store.ts';
export type { EndedProbe } from './statements/end-probe.ts';
export type { TakenProbe } from './statements/take-probe.ts';
export type { HeldTargets } from './statements/find-held-targets.ts';
export type { ReturningKey } from './statements/unpark-tasks.ts';
export type { FlowKeySearch, FlowKeysFound } from './statements/find-due-flow-keys.ts';
export type { DueLanes } from './statements/find-due-lanes.ts';
export type * from './queue-record.ts';
export type { QueueStore } from './queue-store.ts';
export type * from './schedule-record.ts';
export type { BatchResult, SubmitResult } from './submit-tasks.ts';
export type * from './target-record.ts';
export type * from './task-record.ts';
export {
  type AttemptPage,
  createTaskStore,
  type TaskPage,
  type TaskStore,
  type TaskStoreOptions,
} from './task-store.ts';
