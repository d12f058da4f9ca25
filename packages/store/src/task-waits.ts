import type { Database } from './database/database.ts';
import type { Timer } from './database/postgres-connection.ts';
import { findAwaitedTasks } from './statements/find-awaited-tasks.ts';
import type { TaskRecord } from './task-record.ts';

/** One caller that waits for a task to be finished. */
interface Wait {
  readonly task: TaskRecord;
  readonly resolve: (task: TaskRecord) => void;
  readonly cancelDeadline: () => void;
}

/** Milliseconds between two reads, which is what waiting adds to a task at most. */
const PAUSE_MS = 25;

/**
 * Waits for tasks to be finished, by whatever process. One read serves all callers, so a thousand of them cost the
 * database what one does: at most 40 statements a second, and none while nobody waits. There is no notification of each
 * task that ends: those who wait are few, and every settlement would pay for it.
 */
export class TaskWaits {
  readonly #database: Database;
  readonly #timer: Timer;
  readonly #waits = new Set<Wait>();
  /** Waits whose time is over: answered by the next read with the task as it is. */
  readonly #over = new Set<Wait>();
  #isReading = false;

  constructor(database: Database, timer: Timer) {
    this.#database = database;
    this.#timer = timer;
  }

  /**
   * Answers with the task once it is finished, or as it is after `timeoutMs` or once `signal` aborts.
   * Never rejects: while the database is away, or if the task is gone by then, it answers with the task as it was given.
   */
  untilFinished(task: TaskRecord, timeoutMs: number, signal: AbortSignal): Promise<TaskRecord> {
    if (task.finishedAt !== undefined || timeoutMs <= 0 || signal.aborted) return Promise.resolve(task);
    return new Promise((resolve) => {
      const end = (): void => this.#end(wait);
      const cancelTimer = this.#timer(timeoutMs, end);
      signal.addEventListener('abort', end, { once: true });
      const cancelDeadline = (): void => {
        cancelTimer();
        signal.removeEventListener('abort', end);
      };
      const wait: Wait = { task, resolve, cancelDeadline };
      this.#waits.add(wait);
      this.#readSoon();
    });
  }

  #end(wait: Wait): void {
    this.#waits.delete(wait);
    this.#over.add(wait);
    this.#readSoon();
  }

  #readSoon(): void {
    if (this.#isReading) return;
    this.#isReading = true;
    this.#timer(PAUSE_MS, () => void this.#read());
  }

  async #read(): Promise<void> {
    const [waits, over] = [[...this.#waits], [...this.#over]];
    const found = await this.#find(waits, over);
    const bySeq = new Map(found.map((task) => [task.seq, task]));
    for (const wait of waits) {
      const task = bySeq.get(wait.task.seq);
      if (task?.finishedAt !== undefined) this.#answer(wait, task);
    }
    for (const wait of over) this.#answer(wait, bySeq.get(wait.task.seq) ?? wait.task);
    this.#isReading = false;
    if (this.#waits.size + this.#over.size > 0) this.#readSoon();
  }

  async #find(waits: readonly Wait[], over: readonly Wait[]): Promise<TaskRecord[]> {
    const seqsOf = (some: readonly Wait[]) => some.map(({ task }) => task.seq);
    try {
      return await findAwaitedTasks(this.#database, { seqs: seqsOf(waits), anyhow: seqsOf(over) });
    } catch {
      // The task is recorded, and that is what the caller must hear; the next read may say more.
      return [];
    }
  }

  #answer(wait: Wait, task: TaskRecord): void {
    this.#waits.delete(wait);
    this.#over.delete(wait);
    wait.cancelDeadline();
    wait.resolve(task);
  }
}
