import type { AttemptOutcome, TaskReason, TaskState } from '@dispatchr/contract';
import type { Row } from './row.ts';

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
  /** Which gates count it: 1 its queue's, 2 its flow key's. */
  gate: number;
  /** The held target that it waits for. */
  parkedFor: string | null;
  /** When an operator asked to run it. */
  runAt: number | null;
}

/** What a gate has counted. */
export interface GateRow {
  readonly queue: string;
  /** '' for the queue's own gate. */
  readonly flowKey: string;
  inFlight: number;
  /** The theoretical arrival time of the next start. */
  tat: number;
}

/** An origin or a URL that is not delivered to as usual. */
export interface HeldRow {
  readonly key: string;
  readonly origin: string;
  readonly state: 'held-back' | 'circuit-open' | 'returning';
  readonly since: number;
  readonly until: number;
  readonly failures: number;
  readonly probes: number;
  readonly probe: number | null;
}

/** The settings of a queue, under the names of the columns. */
export interface QueueRow {
  /** What `xmin` tells: another one after each write. */
  readonly version: string;
  readonly columns: Row;
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
  readonly queues = new Map<string, QueueRow>();
  /** Limits of flow keys, under the names of the columns. */
  readonly flowKeys = new Map<string, Row>();
  readonly gates = new Map<string, GateRow>();
  readonly heldTargets = new Map<string, HeldRow>();
  #seq = 0;
  #lease = 0;
  #version = 0;

  nextSeq(): number {
    return (this.#seq += 1);
  }

  nextLease(): number {
    return (this.#lease += 1);
  }

  /** Writes the settings of a queue, which have another version then. */
  writeQueue(name: string, columns: Row): void {
    this.#version += 1;
    this.queues.set(name, { version: String(this.#version), columns: { name, ...columns } });
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

/** A flow key of a queue, or with '' the queue itself, as one text. */
export function gateKey(queue: string, flowKey: string): string {
  return `gate ${queue}/${flowKey}`;
}
