import type { Database } from './database/database.ts';
import { DueHints, type HintOptions } from './due-hints.ts';
import { createHeldTargetStore, type HeldTargetStore } from './held-target-store.ts';
import { GroupCommit } from './group-commit.ts';
import { OperateTasks, type OperationResult } from './operate-tasks.ts';
import type { NamedPage, NamedPageRequest } from './queue-record.ts';
import { createQueueStore, type QueueStore } from './queue-store.ts';
import type { ScheduleStore } from './schedule-record.ts';
import { createScheduleStore } from './schedule-store.ts';
import { checkHealth } from './statements/check-health.ts';
import { claimDueTasks } from './statements/claim-due-tasks.ts';
import { claimFlowKeys } from './statements/claim-flow-keys.ts';
import { closeCircuit } from './statements/close-circuit.ts';
import { createGates } from './statements/create-gates.ts';
import { expireTasks } from './statements/expire-tasks.ts';
import { findDueFlowKeys, type FlowKeySearch, type FlowKeysFound } from './statements/find-due-flow-keys.ts';
import { type DueLanes, findDueLanes } from './statements/find-due-lanes.ts';
import { findRunRequests } from './statements/find-run-requests.ts';
import { findTaskAndWaiting } from './statements/find-task-and-waiting.ts';
import { listAttempts } from './statements/list-attempts.ts';
import { listTargets } from './statements/list-targets.ts';
import { listTasks } from './statements/list-tasks.ts';
import { pruneTasks } from './statements/prune-tasks.ts';
import { removeIdleGates } from './statements/remove-idle-gates.ts';
import { renewLeases } from './statements/renew-leases.ts';
import { settleAttempts } from './statements/settle-attempts.ts';
import { type LostLeases, takeOverLostLeases } from './statements/take-over-lost-leases.ts';
import { type BatchResult, type SubmitResult, SubmitTasks } from './submit-tasks.ts';
import type { TargetRecord } from './target-record.ts';
import { TaskWaits } from './task-waits.ts';
import { toNamedPage } from './to-named-page.ts';
import type {
  AttemptRecord,
  ClaimedTask,
  Lane,
  DueTasksClaim,
  FlowKeysClaim,
  FoundTask,
  Lease,
  LostAttempt,
  NewTask,
  RunRequest,
  SettledAttempt,
  TaskFilter,
  TaskRecord,
} from './task-record.ts';

/**
 * The one door to the durable record of tasks.
 *
 * Every method throws DatabaseUnavailableError while the database is away or does not answer in time; then nothing
 * is known of what was under way, and it may be tried again.
 */
export interface TaskStore extends QueueStore, HeldTargetStore, ScheduleStore {
  readonly kind: Database['kind'];

  /** Records a task and answers after its commit. */
  submitTask(task: NewTask): Promise<SubmitResult>;
  /** Records all tasks in one commit, or none. */
  submitBatch(tasks: readonly NewTask[]): Promise<BatchResult>;

  findTask(id: string): Promise<FoundTask | undefined>;
  /**
   * Answers with the task once it is finished by any process, or as it is after `timeoutMs` or once `signal` aborts.
   * Never rejects.
   */
  untilFinished(task: TaskRecord, timeoutMs: number, signal: AbortSignal): Promise<TaskRecord>;
  /** Lists tasks newest first; `next` is the `before` of the page that follows, absent on the last. */
  listTasks(filter: TaskFilter, page: { limit: number; before?: number }): Promise<TaskPage>;
  /** Lists a task's ended attempts oldest first; undefined when there is no such task. */
  listAttempts(id: string, page: { limit: number; after?: number }): Promise<AttemptPage | undefined>;

  cancelTask(id: string): Promise<OperationResult>;
  runTask(id: string): Promise<OperationResult>;
  retryTask(id: string): Promise<OperationResult>;
  deleteTask(id: string): Promise<OperationResult>;
  /** Lists origins that are not healthy, have a URL held back or a running task, by name; given one, at most that. */
  listTargets(page: NamedPageRequest & { readonly origin?: string }): Promise<NamedPage<TargetRecord>>;
  /** Makes an origin healthy and lets go of its URLs, whatever was known of it. */
  closeCircuit(origin: string): Promise<TargetRecord>;
  /** Resolves while the database answers and has its tables. */
  checkHealth(): Promise<void>;

  /** Finds where something is due: everywhere, or in the lanes that are given, each from where it begins. */
  findDueLanes(known?: readonly Lane[]): Promise<DueLanes>;
  /** Claims due tasks: of each queue at most its quota, the priorities in the given order. */
  claimDueTasks(claim: DueTasksClaim): Promise<ClaimedTask[]>;
  /** Finds flow keys with due tasks, and what their limits leave. */
  findDueFlowKeys(searches: readonly FlowKeySearch[]): Promise<FlowKeysFound[]>;
  /** Claims due tasks by flow keys, within their limits and their queue's. */
  claimFlowKeys(claim: FlowKeysClaim): Promise<ClaimedTask[]>;
  /** Finds pending tasks that an operator asked to run. */
  findRunRequests(page: { limit: number }): Promise<RunRequest[]>;
  /** Makes sure that gates are there, without which nothing limited is claimed. */
  createGates(missing: readonly { readonly queue: string; readonly flowKey: string }[]): Promise<void>;
  /** Forgets gates that count nothing any more; answers with how many. */
  removeIdleGates(sweep: { limit: number }): Promise<number>;
  /** Renews leases; answers with the numbers of those that still stood. */
  renewLeases(leases: readonly Lease[]): Promise<number[]>;
  /** Settles an attempt and answers after its commit; false when the lease was lost and nothing was written. */
  settleAttempt(settled: SettledAttempt): Promise<boolean>;
  /** Takes over running tasks that nobody holds any more, at most `limit`. */
  takeOverLostLeases(sweep: { limit: number; whose: LostLeases }): Promise<LostAttempt[]>;
  expireTasks(sweep: { limit: number }): Promise<number>;
  pruneTasks(retention: { completedMs: number; otherMs: number; limit: number }): Promise<number>;
  /** Calls `wake` when something became due, as a coalesced hint, until the returned function is called. */
  onDue(wake: () => void): Promise<() => Promise<void>>;

  /** Closes the database. */
  close(): Promise<void>;
}

export interface TaskPage {
  readonly tasks: readonly TaskRecord[];
  readonly next?: number;
}

export interface AttemptPage {
  readonly attempts: readonly AttemptRecord[];
  readonly next?: number;
}

/** Attempts that share one update at most. */
const SETTLE_LIMITS = { maxItems: 500, concurrency: 1, maxWaiting: 10_000 } as const;

/** A task that comes back sooner than this is announced: a scheduler that just looked may sleep longer. */
const ANNOUNCE_BELOW_MS = 1000;

/** What a store needs of its process; `afterInput` gathers the writes of one turn of the event loop. */
export type TaskStoreOptions = HintOptions;

/** Opens the door to a migrated database. */
export function createTaskStore(database: Database, options: TaskStoreOptions): TaskStore {
  const hints = new DueHints(database, options);
  const submits = new SubmitTasks(database, options.afterInput);
  const waits = new TaskWaits(database, options.timer);
  const operations = new OperateTasks(database);
  const settles = new GroupCommit(
    async (group: readonly SettledAttempt[]) => {
      const stood = await settleAttempts(database, group);
      return group.map(({ lease }) => stood.has(lease));
    },
    { ...SETTLE_LIMITS, afterInput: options.afterInput },
  );
  const announcing = async <T>(change: Promise<T>): Promise<T> => {
    const result = await change;
    hints.announce();
    return result;
  };

  return {
    kind: database.kind,
    submitTask: (task) => announcing(submits.submitTask(task)),
    submitBatch: (tasks) => announcing(submits.submitBatch(tasks)),
    findTask: (id) => findTaskAndWaiting(database, id),
    untilFinished: (task, timeoutMs, signal) => waits.untilFinished(task, timeoutMs, signal),
    listTasks: async (filter, { limit, before }) => {
      const found = await listTasks(database, filter, {
        limit: limit + 1,
        ...(before !== undefined && { before }),
      });
      const tasks = found.slice(0, limit);
      const last = tasks.at(-1);
      return found.length > limit && last ? { tasks, next: last.seq } : { tasks };
    },
    listAttempts: async (id, { limit, after }) => {
      const found = await listAttempts(database, id, {
        limit: limit + 1,
        ...(after !== undefined && { after }),
      });
      const attempts = found?.slice(0, limit);
      const last = attempts?.at(-1);
      return (
        attempts && (found && found.length > limit && last ? { attempts, next: last.attempt } : { attempts })
      );
    },
    cancelTask: (id) => operations.cancelTask(id),
    runTask: (id) => announcing(operations.runTask(id)),
    retryTask: (id) => announcing(operations.retryTask(id)),
    deleteTask: (id) => operations.deleteTask(id),
    listTargets: async ({ limit, ...rest }) =>
      toNamedPage(await listTargets(database, { limit: limit + 1, ...rest }), limit, ({ origin }) => origin),
    closeCircuit: (target) => announcing(closeCircuit(database, target)),
    checkHealth: async () => void (await checkHealth(database, {})),
    findDueLanes: (known) => findDueLanes(database, known),
    claimDueTasks: (claim) => claimDueTasks(database, claim),
    findDueFlowKeys: (searches) => findDueFlowKeys(database, searches),
    claimFlowKeys: (claim) => claimFlowKeys(database, claim),
    findRunRequests: (page) => findRunRequests(database, page),
    createGates: (missing) => createGates(database, missing),
    removeIdleGates: (sweep) => removeIdleGates(database, sweep),
    renewLeases: (leases) => renewLeases(database, leases),
    settleAttempt: async (settled) => {
      const stood = await settles.add(settled);
      const { settlement } = settled;
      if (settlement.state === 'pending' && settlement.delayMs < ANNOUNCE_BELOW_MS) hints.announce();
      return stood;
    },
    takeOverLostLeases: (sweep) => takeOverLostLeases(database, sweep),
    expireTasks: (sweep) => expireTasks(database, sweep),
    pruneTasks: (retention) => pruneTasks(database, retention),
    onDue: (wake) => hints.subscribe(wake),
    ...createQueueStore(database, announcing),
    ...createHeldTargetStore(database),
    ...createScheduleStore(database, () => hints.announce()),
    close: () => database.close(),
  };
}
