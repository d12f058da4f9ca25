import { claimDueTasks, findDueLanes } from './claim-statements.ts';
import { renewLeases, settleAttempts, takeOverLostLeases } from './lease-statements.ts';
import {
  cancelPendingTask,
  deleteFinishedTask,
  expireTasks,
  pruneTasks,
  requestCancel,
  retryFinishedTask,
  runPendingTask,
} from './operator-statements.ts';
import { findRecordedTasks, findTask, recordTasks } from './recorder-statements.ts';
import type { SimulatedStatement } from './statement-run.ts';

/** Every statement of the store that a scheduler, a producer or an operator causes, by its name. */
export const STATEMENTS: Readonly<Record<string, SimulatedStatement>> = {
  'announce-due-tasks': () => ({ rows: [] }),
  'cancel-pending-task': cancelPendingTask,
  'claim-due-tasks': claimDueTasks,
  'delete-finished-task': deleteFinishedTask,
  'expire-tasks': expireTasks,
  'find-due-lanes': findDueLanes,
  'find-recorded-tasks': findRecordedTasks,
  'find-task': findTask,
  'prune-completed-tasks': pruneTasks((state) => state === 'completed'),
  'prune-other-tasks': pruneTasks((state) => state !== 'completed'),
  'record-tasks': recordTasks,
  'renew-leases': renewLeases,
  'request-cancel': requestCancel,
  'retry-finished-task': retryFinishedTask,
  'run-pending-task': runPendingTask,
  'settle-attempts': settleAttempts,
  'take-over-lost-leases': takeOverLostLeases,
};
