import type { Disk } from './disk.ts';
import type { Settings } from './settings.ts';
import { isTerminal, type Task } from './task.ts';

/** The tasks in memory, what finds them, and the way to the disk. */
export class TaskTable {
  /** Called after each change, because something may be due. */
  onChange: () => void = () => undefined;
  readonly #disk: Disk;
  readonly #settings: Settings;
  readonly #tasks: Map<string, Task>;
  readonly #idByKey = new Map<string, string>();
  readonly #pending = new Set<string>();
  readonly #waiting = new Map<string, Set<() => void>>();
  readonly #writes = new Set<NodeJS.Timeout>();

  constructor(disk: Disk, settings: Settings) {
    this.#disk = disk;
    this.#settings = settings;
    this.#tasks = new Map(disk.tasks);
    for (const task of this.#tasks.values()) this.#index(task);
  }

  find(id: string): Task | undefined {
    return this.#tasks.get(id);
  }

  /** The id of the task that was submitted with an `Idempotency-Key`. */
  idOfKey(key: string): string | undefined {
    return this.#idByKey.get(key);
  }

  /** Every task, the one submitted last first. */
  newestFirst(): Task[] {
    return [...this.#tasks.values()].toSorted((a, b) => b.seq - a.seq);
  }

  /** The pending tasks, in no order. */
  pending(): Task[] {
    return [...this.#pending].map((id) => this.#tasks.get(id)).filter((task) => task !== undefined);
  }

  nextSeq(): number {
    return this.#disk.nextSeq++;
  }

  /** The commit: memory and disk have the task from here on. */
  save(task: Task): Task {
    this.#tasks.set(task.id, task);
    if (this.#settings.mutants.has('ack-before-commit')) this.#writeLater(task);
    else this.#disk.tasks.set(task.id, task);
    this.#index(task);
    this.onChange();
    return task;
  }

  delete(task: Task): void {
    this.#tasks.delete(task.id);
    this.#disk.tasks.delete(task.id);
    this.#pending.delete(task.id);
    if (task.idempotencyKey !== undefined) this.#idByKey.delete(task.idempotencyKey);
  }

  /** What only a mutant does: the disk forgets a task that memory has. */
  forgetOnDisk(task: Task): void {
    this.#disk.tasks.delete(task.id);
  }

  /** What only a mutant does: the disk has another version of a task than memory. */
  keepOnDisk(task: Task): void {
    this.#disk.tasks.set(task.id, task);
  }

  /** What only a mutant does: a task is gone after a time, unless it changed. */
  deleteLater(task: Task, afterMs: number): void {
    const timer = setTimeout(() => {
      this.#writes.delete(timer);
      if (this.find(task.id) === task) this.delete(task);
    }, afterMs);
    this.#writes.add(timer);
  }

  /** Resolves when the task is terminal, or after a time. Spec: REC-021. */
  async whenTerminal(id: string, timeoutMs: number): Promise<void> {
    const task = this.#tasks.get(id);
    if (task === undefined || isTerminal(task)) return;
    await new Promise<void>((resolve) => {
      const waiting = this.#waiting.get(id) ?? new Set();
      this.#waiting.set(id, waiting);
      const end = (): void => {
        clearTimeout(timer);
        waiting.delete(end);
        if (waiting.size === 0) this.#waiting.delete(id);
        resolve();
      };
      const timer = setTimeout(end, timeoutMs);
      waiting.add(end);
    });
  }

  /** Ends what waits; what is not written yet is lost. */
  close(): void {
    this.onChange = () => undefined;
    for (const timer of this.#writes) clearTimeout(timer);
    for (const waiting of this.#waiting.values()) for (const end of waiting) end();
  }

  #index(task: Task): void {
    if (task.idempotencyKey !== undefined) this.#idByKey.set(task.idempotencyKey, task.id);
    if (task.state === 'pending') this.#pending.add(task.id);
    else this.#pending.delete(task.id);
    const isUnnoticed = task.state === 'failed' && this.#settings.mutants.has('failure-ends-no-wait');
    if (isTerminal(task) && !isUnnoticed) for (const end of this.#waiting.get(task.id) ?? []) end();
  }

  #writeLater(task: Task): void {
    const timer = setTimeout(() => {
      this.#writes.delete(timer);
      this.#disk.tasks.set(task.id, task);
    }, 1000);
    this.#writes.add(timer);
  }
}
