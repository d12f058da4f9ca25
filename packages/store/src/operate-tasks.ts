import type { TaskState } from '@dispatchr/contract';
import { cancelDecision, deleteDecision, retryDecision, runDecision } from '@dispatchr/lifecycle';
import type { Database, Queryable, Row } from './database/database.ts';
import { cancelPendingTask } from './statements/cancel-pending-task.ts';
import { deleteFinishedTask } from './statements/delete-finished-task.ts';
import { findTask } from './statements/find-task.ts';
import { requestCancel } from './statements/request-cancel.ts';
import { retryFinishedTask } from './statements/retry-finished-task.ts';
import { runPendingTask } from './statements/run-pending-task.ts';
import type { TaskRecord } from './task-record.ts';

/** What became of an operation on a task. */
export type OperationResult =
  | { readonly kind: 'done'; readonly task: TaskRecord }
  | { readonly kind: 'not-found' }
  | { readonly kind: 'wrong-state'; readonly state: TaskState };

/** What the state of a task asks for: a guarded write, nothing at all, or a refusal. */
type Step = ((database: Queryable, task: TaskRecord) => Promise<Row[]>) | 'nothing' | 'refuse';

/** How often an operation is decided again because the task changed between the look and the write. */
const MAX_TRIES = 20;

/** The operator's changes to a single task: look, let lifecycle decide, write guarded by the state that was seen. */
export class OperateTasks {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Cancels a waiting task at once; asks a running one not to be claimed again. */
  cancelTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (state) => {
      const decision = cancelDecision(state);
      if (decision === 'cancel') return cancelPendingTask;
      if (decision === 'request-cancel') return requestCancel;
      return decision === 'already-cancelled' ? 'nothing' : 'refuse';
    });
  }

  /** Makes a waiting task due now, past a pause, a rate or a hold-back. */
  runTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (state) => (runDecision(state) === 'run' ? runPendingTask : 'refuse'));
  }

  /** Gives a terminal task a new budget, due now. */
  retryTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (state) => (retryDecision(state) === 'retry' ? retryFinishedTask : 'refuse'));
  }

  /** Forgets a terminal task; the answer carries it as it last was. */
  deleteTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (state) => (deleteDecision(state) === 'delete' ? deleteFinishedTask : 'refuse'));
  }

  async #operate(id: string, decide: (state: TaskState) => Step): Promise<OperationResult> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const found = await findTask(this.#database, id);
      if (found === undefined) return { kind: 'not-found' };
      const { task } = found;
      const step = decide(task.state);
      if (step === 'refuse') return { kind: 'wrong-state', state: task.state };
      if (step === 'nothing') return { kind: 'done', task };
      const written = await step(this.#database, task);
      if (written.length > 0)
        return { kind: 'done', task: (await findTask(this.#database, id))?.task ?? task };
    }
    throw new Error(`task ${id} changed its state ${MAX_TRIES} times while one operation was tried`);
  }
}
