import type { AttemptOutcome, TaskReason, TaskState } from '@dispatchr/contract';

/** What a producer gave, as `dispatchr.tasks` keeps it; absent is null. Instants are milliseconds since 1970. */
export interface TaskContentRow {
  readonly id: string;
  readonly idempotencyKey: string | null;
  readonly fingerprint: string | null;
  readonly target: string;
  readonly origin: string;
  readonly taskName: string | null;
  readonly taskArgs: string | null;
  readonly request: string | null;
  readonly headers: string | null;
  readonly queue: string;
  readonly flowKey: string;
  readonly priority: number;
  readonly timeoutMs: number | null;
  readonly retry: string | null;
  readonly traceparent: string | null;
  readonly tracestate: string | null;
}

/** A task with its row in either `unfinished_tasks` or `finished_tasks`, and its attempts. */
export interface TaskRow extends TaskContentRow {
  readonly seq: number;
  readonly createdAt: number;
  expiresAt: number | null;
  unfinished: UnfinishedRow | undefined;
  finished: FinishedRow | undefined;
  attempts: AttemptRow[];
}

/** What a claim, a renewal and a settle change. */
export interface UnfinishedRow {
  state: 'pending' | 'running';
  dueAt: number;
  expiresAt: number | null;
  attempt: number;
  attemptsUsed: number;
  lease: number | null;
  leaseUntil: number | null;
  scheduler: string | null;
  startedAt: number | null;
  firstClaimedAt: number | null;
  cancelRequestedAt: number | null;
}

/** How a task ended. */
export interface FinishedRow {
  readonly state: Exclude<TaskState, 'pending' | 'running'>;
  readonly reason: TaskReason | null;
  readonly attempt: number;
  readonly attemptsUsed: number;
  readonly dueAt: number;
  readonly startedAt: number | null;
  readonly cancelRequestedAt: number | null;
  readonly finishedAt: number;
}

/** An attempt that ended. */
export interface AttemptRow {
  readonly attempt: number;
  readonly scheduler: string;
  readonly outcome: AttemptOutcome;
}

/** A task whose row in `unfinished_tasks` is there. */
export type UnfinishedTask = TaskRow & { unfinished: UnfinishedRow };

/** Everything that is committed. */
export class Tables {
  readonly bySeq = new Map<number, TaskRow>();
  readonly byId = new Map<string, TaskRow>();
  readonly byKey = new Map<string, TaskRow>();
  readonly unfinished = new Map<number, UnfinishedTask>();
  readonly finished = new Set<TaskRow>();
  #seq = 0;
  #lease = 0;

  nextSeq(): number {
    return (this.#seq += 1);
  }

  nextLease(): number {
    return (this.#lease += 1);
  }

  /** The task with this sequence number if it is not finished. */
  waitingOrRunning(seq: number): UnfinishedTask | undefined {
    return this.unfinished.get(seq);
  }

  insert(task: TaskRow): void {
    this.bySeq.set(task.seq, task);
    this.byId.set(task.id, task);
    if (task.idempotencyKey !== null) this.byKey.set(task.idempotencyKey, task);
  }

  open(task: TaskRow, row: UnfinishedRow): void {
    this.finished.delete(task);
    task.finished = undefined;
    task.unfinished = row;
    this.unfinished.set(task.seq, task as UnfinishedTask);
  }

  finish(task: TaskRow, row: FinishedRow): void {
    this.unfinished.delete(task.seq);
    task.unfinished = undefined;
    task.finished = row;
    this.finished.add(task);
  }

  forget(task: TaskRow): void {
    this.bySeq.delete(task.seq);
    this.byId.delete(task.id);
    if (task.idempotencyKey !== null) this.byKey.delete(task.idempotencyKey);
    this.finished.delete(task);
    task.finished = undefined;
  }
}
