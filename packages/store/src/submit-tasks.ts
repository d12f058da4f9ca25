import type { Database, Queryable } from './database/database.ts';
import { type AfterInput, GroupCommit } from './group-commit.ts';
import { findRecordedTasks, type IdentifiedTask } from './statements/find-recorded-tasks.ts';
import { type Recorded, recordTasks } from './statements/record-tasks.ts';
import type { NewTask, TaskRecord } from './task-record.ts';

/** What became of a submitted task. */
export type SubmitResult =
  | { readonly kind: 'created' | 'existing'; readonly task: TaskRecord }
  | { readonly kind: 'conflict'; readonly member: 'id' | 'idempotencyKey' };

/** What became of a batch, which is recorded as a whole or not at all. */
export type BatchResult =
  | { readonly kind: 'recorded'; readonly tasks: readonly { created: boolean; task: TaskRecord }[] }
  | { readonly kind: 'conflict'; readonly index: number; readonly member: 'id' | 'idempotencyKey' };

/**
 * Tasks and bytes that share one insert at most: beyond them a larger statement saves nothing measurable.
 * What may wait is less than a second's work.
 */
const GROUP_LIMITS = {
  maxItems: 500,
  concurrency: 2,
  minItemsBeside: 16,
  maxWeight: 4 * 1024 * 1024,
  maxWaiting: 10_000,
} as const;

/** How often a submit is tried again when the task that held its identity vanished. */
const MAX_TRIES = 5;

/** Records tasks: those in flight together share one insert and one commit. */
export class SubmitTasks {
  readonly #database: Database;
  readonly #group: GroupCommit<NewTask, Recorded | undefined>;

  constructor(database: Database, afterInput: AfterInput) {
    this.#database = database;
    this.#group = new GroupCommit((tasks) => recordGroup(database, tasks), {
      ...GROUP_LIMITS,
      afterInput,
      weigh: weightOf,
    });
  }

  /** Records one task, or finds the one that already has its identity. */
  async submitTask(task: NewTask): Promise<SubmitResult> {
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const recorded = await this.#group.add(task);
      if (recorded) return { kind: 'created', task: toNewRecord(task, recorded) };
      const existing = await findExisting(this.#database, [task]);
      const result = compare(task, existing);
      if (result) return result;
    }
    throw new Error(`task ${task.id} was taken and gone ${MAX_TRIES} times in a row`);
  }

  /** Records all tasks of a batch in one commit, or none when the content of one conflicts. */
  async submitBatch(tasks: readonly NewTask[]): Promise<BatchResult> {
    if (tasks.every((task) => task.fingerprint === undefined)) return this.#submitFreshBatch(tasks);
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      const result = await this.#tryBatch(tasks);
      if (result) return result;
    }
    throw new Error(`the identities of a batch were taken and gone ${MAX_TRIES} times in a row`);
  }

  /** A batch without chosen identities cannot conflict: one statement is one commit. */
  async #submitFreshBatch(tasks: readonly NewTask[]): Promise<BatchResult> {
    const recorded = await recordTasks(this.#database, tasks);
    const entries = tasks.map((task) => ({
      created: true,
      task: toNewRecord(task, recordedOf(recorded, task)),
    }));
    return { kind: 'recorded', tasks: entries };
  }

  async #tryBatch(tasks: readonly NewTask[]): Promise<BatchResult | undefined> {
    try {
      return await this.#database.transaction('submit', (transaction) => recordBatch(transaction, tasks));
    } catch (error) {
      if (error instanceof RolledBack) return error.result;
      throw error;
    }
  }
}

/** Leaves the transaction without a commit and carries what to answer; undefined is to try again. */
class RolledBack extends Error {
  readonly result: BatchResult | undefined;

  constructor(result: BatchResult | undefined) {
    super('the batch was rolled back');
    this.result = result;
  }
}

async function recordGroup(
  database: Queryable,
  tasks: readonly NewTask[],
): Promise<(Recorded | undefined)[]> {
  const recorded = await recordTasks(database, tasks);
  // Of several with the same id in one group the first was recorded; it alone takes the answer.
  return tasks.map((task) => {
    const mine = recorded.get(task.id);
    recorded.delete(task.id);
    return mine;
  });
}

async function recordBatch(transaction: Queryable, tasks: readonly NewTask[]): Promise<BatchResult> {
  const recorded = await recordTasks(transaction, tasks);
  const existing = await findExisting(
    transaction,
    tasks.filter((task) => !recorded.has(task.id)),
  );
  const entries = tasks.map((task, index) => {
    const mine = recorded.get(task.id);
    if (mine) return { created: true, task: toNewRecord(task, mine) };
    const found = compare(task, existing);
    if (found === undefined) throw new RolledBack(undefined);
    if (found.kind === 'conflict') throw new RolledBack({ kind: 'conflict', index, member: found.member });
    return { created: false, task: found.task };
  });
  return { kind: 'recorded', tasks: entries };
}

async function findExisting(database: Queryable, tasks: readonly NewTask[]): Promise<IdentifiedTask[]> {
  if (tasks.length === 0) return [];
  return findRecordedTasks(database, {
    ids: tasks.map((task) => task.id),
    idempotencyKeys: tasks.flatMap((task) => task.idempotencyKey ?? []),
  });
}

/** Compares a task with those that hold an identity of it; undefined when none does any more. */
function compare(task: NewTask, candidates: readonly IdentifiedTask[]): SubmitResult | undefined {
  const { idempotencyKey } = task;
  const existing = candidates.find((candidate) =>
    idempotencyKey === undefined
      ? candidate.task.id === task.id
      : candidate.idempotencyKey === idempotencyKey,
  );
  if (existing === undefined) return undefined;
  if (existing.fingerprint === task.fingerprint) return { kind: 'existing', task: existing.task };
  return { kind: 'conflict', member: idempotencyKey === undefined ? 'id' : 'idempotencyKey' };
}

function recordedOf(recorded: ReadonlyMap<string, Recorded>, task: NewTask): Recorded {
  const mine = recorded.get(task.id);
  if (!mine) throw new Error(`expected a new id, got ${task.id}, which is taken`);
  return mine;
}

/** A task at its commit: pending, and never claimed. */
export function toNewRecord(task: NewTask, recorded: Recorded): TaskRecord {
  const { id, target, taskName, queue, flowKey, priority, timeoutMs, retry, expiresAt } = task;
  return {
    ...recorded,
    id,
    state: 'pending',
    target,
    queue,
    flowKey,
    priority,
    attempt: 0,
    attemptsUsed: 0,
    ...(taskName !== undefined && { taskName }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(retry !== undefined && { retry }),
    ...(expiresAt !== undefined && { expiresAt: new Date(expiresAt) }),
  };
}

function weightOf(task: NewTask): number {
  return (task.taskArgs?.length ?? 0) + (task.request?.body?.length ?? 0);
}
