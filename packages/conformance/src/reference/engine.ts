import { randomUUID } from 'node:crypto';
import { IdMaker } from './identity.ts';
import type { QueueTable } from './queue-table.ts';
import { Problem } from './problems.ts';
import { isForgotten, isMistakenForSame, mistakenTask } from './mistaken-identity.ts';
import type { Settings } from './settings.ts';
import { memoryOf } from './mutant-memory.ts';
import { type AttemptEnd, attemptOf, firstDueAtMs, settlementOf } from './settlement.ts';
import { conflictOf, wrongState } from './state-conflict.ts';
import type { TaskTable } from './task-table.ts';
import { type Attempt, isTerminal, type Submission, type Task } from './task.ts';

/** What came of one submitted task. */
export interface Submitted {
  readonly created: boolean;
  readonly task: Task;
}

/** The one place where the states of tasks change. Each change is one step: nothing awaits in between. */
export class Engine {
  readonly table: TaskTable;
  readonly #settings: Settings;
  readonly #ids: IdMaker;
  readonly #queues: QueueTable;
  constructor(table: TaskTable, queues: QueueTable, settings: Settings) {
    this.#queues = queues;
    this.table = table;
    this.#settings = settings;
    this.#ids = new IdMaker(settings);
    if (settings.mutants.has('pauses-forgotten-at-start')) this.#endPauses();
    if (!settings.mutants.has('stuck-running-after-restart')) this.#endLostAttempts();
  }

  /** The tasks that have the id or the key of the submissions; `undefined` for what is new. */
  existing(submissions: readonly Submission[]): readonly (Task | undefined)[] {
    const mixed = this.#settings.mutants.has('id-and-key-mixed-up');
    return submissions.map((submission) => {
      const { id, idempotencyKey: key } = submission;
      const known = key === undefined ? id : (this.table.idOfKey(key) ?? (mixed ? key : undefined));
      const task = known === undefined ? undefined : this.table.find(known);
      if (task === undefined)
        return mistakenTask(submission, () => this.table.newestFirst(), this.#settings.mutants);
      return isForgotten(task, submission, this.#settings.mutants) ? undefined : task;
    });
  }

  /** Records all of the submissions or, with a problem, none; `known` are those that exist. */
  submit(submissions: readonly Submission[], known = this.existing(submissions)): Submitted[] {
    const conflicts = submissions.flatMap((submission, index) => {
      const task = known[index];
      const deleted = memoryOf(this.#settings).get(`content of ${submission.id}`);
      if (deleted !== undefined && deleted !== submission.fingerprint) return [index];
      return task && !this.#isSame(task, submission) ? [index] : [];
    });
    if (conflicts.length > 0) {
      if (this.#settings.mutants.has('batch-half-stored'))
        this.#record(submissions.slice(0, conflicts[0]), known);
      if (this.#settings.mutants.has('conflicting-task-delivered')) this.#recordAside(submissions, conflicts);
      throw conflictOf(submissions, conflicts, this.#settings.mutants);
    }
    return this.#record(submissions, known);
  }

  /** A pending task is cancelled; of a running one the cancel is kept until its attempt ends. Spec: CAN-001 to CAN-006. */
  cancel(id: string): Task {
    const { mutants } = this.#settings;
    const task = this.#get(id);
    if (task.state === 'cancelled' && mutants.has('second-cancel-ends-anew'))
      return this.#change(task, { finishedAtMs: Date.now() });
    if (task.state === 'cancelled') return task;
    if (task.state === 'running') {
      const known = mutants.has('second-cancel-moves-the-instant') ? undefined : task.cancelRequestedAtMs;
      const cancelRequestedAtMs = known ?? Date.now();
      if (mutants.has('running-cancel-ignored')) return { ...task, cancelRequestedAtMs };
      return this.#change(task, { cancelRequestedAtMs });
    }
    if (isTerminal(task) && !mutants.has('cancel-rewrites-finished'))
      throw wrongState(task, 'pending or running');
    const isWaiting = task.state === 'pending' && task.attempt > 0;
    if (mutants.has('cancel-ignored') || (isWaiting && mutants.has('cancel-between-tries-ignored')))
      return { ...task, state: 'cancelled', finishedAtMs: Date.now() };
    const finishedAtMs = mutants.has('cancelled-without-an-end') ? undefined : Date.now();
    const cancelled = this.#change(task, { state: 'cancelled', reason: undefined, finishedAtMs });
    if (mutants.has('cancel-undone-by-kill')) this.table.keepOnDisk(task);
    return cancelled;
  }

  /** Makes a pending task due now. Spec: CAN-011 to CAN-019. */
  run(id: string): Task {
    const { mutants } = this.#settings;
    const task = this.#get(id);
    if (task.state === 'completed' && mutants.has('run-revives-terminal')) {
      return this.#change(task, { state: 'pending', finishedAtMs: undefined });
    }
    if (task.state === 'running' && mutants.has('run-of-running-accepted')) return task;
    if (task.state !== 'pending') throw wrongState(task, 'pending');
    const isHeldBack = task.attempts.at(-1)?.status === 503;
    if (mutants.has('run-ignored') || (isHeldBack && mutants.has('run-waits-for-retry-after'))) return task;
    const attemptsUsed = mutants.has('run-gives-a-fresh-budget') ? 0 : task.attemptsUsed;
    const latestMs = mutants.has('run-moves-a-past-due-at') ? Infinity : task.dueAtMs;
    return this.#change(task, {
      dueAtMs: Math.min(latestMs, Date.now()),
      attemptsUsed,
      runAtMs: Date.now(),
    });
  }

  /** Makes a terminal task pending with a fresh budget. Spec: CAN-014 to CAN-025. */
  retry(id: string): Task {
    const { mutants } = this.#settings;
    const task = this.#get(id);
    const nowMs = Date.now();
    if (task.state === 'pending' && mutants.has('retry-of-pending-accepted')) return task;
    if (task.state === 'running' && mutants.has('retry-of-running-accepted')) return task;
    if (!isTerminal(task) || (task.state === 'completed' && mutants.has('completed-not-retried')))
      throw wrongState(task, 'terminal');
    const { expiresAtMs = 0, ...rest } = task;
    const hasCome = expiresAtMs <= nowMs && !(expiresAtMs > 0 && mutants.has('retry-keeps-a-past-expiry'));
    const expiry = hasCome || mutants.has('retry-clears-every-expiry') ? {} : { expiresAtMs };
    return this.#save({
      ...rest,
      ...expiry,
      state: 'pending',
      reason: undefined,
      dueAtMs: mutants.has('retry-keeps-due-at') ? task.dueAtMs : nowMs,
      attempt: mutants.has('retry-resets-attempt') ? 0 : task.attempt,
      attemptsUsed: mutants.has('retry-keeps-budget') ? task.attemptsUsed : 0,
      startedAtMs: mutants.has('retry-clears-started-at') ? undefined : task.startedAtMs,
      firstClaimAtMs: mutants.has('retry-keeps-first-claim') ? task.firstClaimAtMs : undefined,
      finishedAtMs: undefined,
      cancelRequestedAtMs: mutants.has('retry-keeps-cancel-request') ? task.cancelRequestedAtMs : undefined,
    });
  }

  /** Removes a terminal task, its id and its key. Spec: CAN-021 to CAN-024. */
  delete(id: string): void {
    const { mutants } = this.#settings;
    const task = this.#get(id);
    const isDeletedAnyway =
      (task.state === 'pending' && mutants.has('pending-deleted')) ||
      (task.state === 'running' && mutants.has('running-deleted'));
    if (!isTerminal(task) && !isDeletedAnyway) throw wrongState(task, 'terminal');
    if (task.state === 'failed' && mutants.has('failed-not-deleted')) throw wrongState(task, 'completed');
    if (mutants.has('delete-keeps-id')) return;
    if (mutants.has('deleted-id-remembered'))
      memoryOf(this.#settings).set(`content of ${id}`, task.fingerprint);
    if (mutants.has('deleted-attempts-come-back'))
      memoryOf(this.#settings).set(`attempts of ${id}`, JSON.stringify(task.attempts));
    this.table.delete(task);
  }

  /** Makes a pending task running, under a lease of its own. Spec: STA-003, LEA-001. */
  claim(task: Task, scheduler: string): Task {
    const nowMs = Date.now();
    const claimed = this.#change(task, {
      state: 'running',
      runAtMs: undefined,
      attempt: task.attempt + 1,
      startedAtMs: nowMs,
      firstClaimAtMs: task.firstClaimAtMs ?? nowMs,
      scheduler,
      lease: randomUUID(),
    });
    if (this.#settings.mutants.has('in-flight-lost-on-kill')) this.table.forgetOnDisk(task);
    return claimed;
  }

  /** For mutants: an attempt that was never sent counts. */
  spend(task: Task): void {
    if (task.attempt === 0) this.#change(task, { attempt: 1, attemptsUsed: 1 });
  }

  /** Ends the attempt of a running task that still has the lease; `undefined` if it has not. Spec: LEA-003, STA-015. */
  settle({ id, lease }: Task, end: AttemptEnd): Task | undefined {
    const task = this.table.find(id);
    if (task?.state !== 'running' || task.lease !== lease) return undefined;
    const nowMs = Date.now();
    const { mutants } = this.#settings;
    const { state, ...settlement } = settlementOf(task, end, nowMs, mutants);
    const aheadMs = mutants.has('finished-by-another-clock') ? 5000 : 0;
    const finished = state === 'pending' ? {} : { finishedAtMs: nowMs + aheadMs };
    const isTwice = state === 'pending' && mutants.has('attempt-recorded-twice');
    const ended = attemptOf(task, end, nowMs, this.#settings.mutants);
    const attempts = [...task.attempts, ended, ...(isTwice ? [ended] : [])];
    const settled = this.#change(task, { state, ...settlement, ...finished, attempts, lease: undefined });
    if (state === 'completed' && mutants.has('completed-undone-by-kill')) this.table.keepOnDisk(task);
    if (settled.reason === 'rejected' && mutants.has('rejected-task-pruned-early'))
      this.table.deleteLater(settled, 900);
    return settled;
  }

  /** Fails a pending task whose `expiresAt` has come. Spec: TIM-007. */
  expire(task: Task): void {
    const isWrong =
      this.#settings.mutants.has('past-expiry-exhausts') && (task.expiresAtMs ?? 0) < task.createdAtMs;
    const reason = isWrong ? 'exhausted' : 'expired';
    this.#change(task, { state: 'failed', reason, finishedAtMs: Date.now() });
  }

  #record(submissions: readonly Submission[], known: readonly (Task | undefined)[]): Submitted[] {
    const again = this.#settings.mutants.has('id-replay-delivers-again');
    return submissions.map((submission, index) => {
      const task = known[index];
      if (task === undefined) return { created: true, task: this.#create(submission) };
      if (again && task.state === 'completed')
        this.#change(task, { state: 'pending', finishedAtMs: undefined });
      if (this.#settings.mutants.has('replay-shows-first-answer'))
        return { created: false, task: { ...task, state: 'pending', finishedAtMs: undefined } };
      return { created: false, task };
    });
  }

  #create(submission: Submission): Task {
    const { delayMs, ...content } = submission;
    const nowMs = Date.now();
    const task = this.#save({
      ...content,
      id: submission.id ?? this.#ids.next(),
      generatedId: submission.id === undefined,
      seq: this.table.nextSeq(),
      state: 'pending',
      dueAtMs: firstDueAtMs({ ...content, delayMs: delayMs ?? 0 }, nowMs, this.#settings.mutants),
      createdAtMs: nowMs,
      attempt: 0,
      attemptsUsed: 0,
      attempts: JSON.parse(memoryOf(this.#settings).get(`attempts of ${submission.id}`) ?? '[]') as Attempt[],
    });
    if (this.#settings.mutants.has('headers-lost-on-kill')) this.table.keepOnDisk({ ...task, headers: [] });
    return task;
  }

  /** For a mutant: what conflicts is recorded all the same, under other ids. */
  #recordAside(submissions: readonly Submission[], conflicts: readonly number[]): void {
    const refused = submissions.filter(({ id }, index) => id !== undefined && conflicts.includes(index));
    for (const submission of refused) this.#create({ ...submission, id: this.#ids.next() });
  }

  /** For a mutant: what waited for its next try is due. */
  #endPauses(): void {
    for (const task of this.table.pending())
      if (task.attempt > 0) this.#change(task, { dueAtMs: Date.now() });
  }

  /** Whether a submission repeats the one that the task came from. An id that was generated is nobody's to repeat. */
  #isSame(task: Task, submission: Submission): boolean {
    if (isMistakenForSame(task, submission, this.#settings.mutants)) return true;
    return task.fingerprint === submission.fingerprint && (submission.id === undefined || !task.generatedId);
  }

  #get(id: string): Task {
    const task = this.table.find(id);
    if (task === undefined) throw new Problem('task-not-found', 'no task has this id');
    return task;
  }

  /** Saves a task that becomes unfinished, with the defaults of its queue. */
  #save(task: Task): Task {
    return this.table.save(this.#queues.resolved(task));
  }

  #change(task: Task, change: Partial<Task>): Task {
    return this.table.save({ ...task, ...change });
  }

  /** What is running at the start has lost its process. Spec: LEA-013. */
  #endLostAttempts(): void {
    const errorMessage = 'the process ended; what became of the request is not known';
    const length = this.#settings.mutants.has('lost-attempt-without-length') ? { durationMs: 0 } : {};
    for (const task of this.table.newestFirst()) {
      if (task.state === 'running')
        this.settle(task, { outcome: 'lease-lost', errorCode: 'lease-lost', errorMessage, ...length });
    }
  }
}
