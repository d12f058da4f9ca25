import { compact } from './compact.ts';
import type { Disk } from './disk.ts';
import type { FlowLimits, QueueSettings } from './queue-settings.ts';
import type { Settings } from './settings.ts';
import type { TaskTable } from './task-table.ts';
import { isTerminal, type Task } from './task.ts';

const WEIGHTS: Readonly<Record<string, number>> = { critical: 6, default: 3, low: 1 };

/** The settings of queues and flow keys, all on the disk; a put counts from the next claim on. */
export class QueueTable {
  readonly #disk: Disk;
  readonly #tasks: TaskTable;
  readonly #mutants: Settings['mutants'];

  constructor(disk: Disk, tasks: TaskTable, { mutants }: Settings) {
    this.#disk = disk;
    this.#tasks = tasks;
    this.#mutants = mutants;
    if (mutants.has('queue-settings-lost-at-restart')) disk.queues.clear();
    if (mutants.has('flow-limits-lost-at-restart')) disk.flowKeys.clear();
  }

  /** The settings of a queue, with its weight. */
  of(queue: string): QueueSettings & { readonly weight: number } {
    const weights = this.#mutants.has('one-weight-for-all') ? {} : WEIGHTS;
    return { weight: weights[queue] ?? 3, ...this.#disk.queues.get(queue) };
  }

  /** The limits of a flow key: its own, else its queue's. Spec: FLO-011. */
  limitsOf(queue: string, flowKey: string): FlowLimits {
    const own = this.#mutants.has('own-flow-limits-ignored')
      ? {}
      : this.#disk.flowKeys.get(`${queue} ${flowKey}`);
    return { ...this.#disk.queues.get(queue)?.flowLimits, ...own };
  }

  /** Changes what `change` names; `undefined` brings a default back. */
  put(queue: string, change: { readonly [K in keyof QueueSettings]: QueueSettings[K] | undefined }): void {
    const kept = this.#mutants.has('put-replaces-settings') ? {} : this.#disk.queues.get(queue);
    const isSticky = this.#mutants.has('null-keeps-the-setting');
    const merged = { ...kept, ...(isSticky ? compact<QueueSettings>(change) : change) };
    this.#disk.queues.set(queue, compact<QueueSettings>(merged));
    this.#resolveAll(queue);
    this.#tasks.onChange();
  }

  putFlowKey(queue: string, flowKey: string, change: object): void {
    const key = `${queue} ${flowKey}`;
    const kept = this.#mutants.has('put-replaces-flow-limits') ? {} : this.#disk.flowKeys.get(key);
    this.#disk.flowKeys.set(key, compact<FlowLimits>({ ...kept, ...change }));
    if (!this.#disk.queues.has(queue)) this.#disk.queues.set(queue, {});
    this.#tasks.onChange();
  }

  delete(queue: string): void {
    if (!this.#mutants.has('delete-keeps-settings')) this.#disk.queues.delete(queue);
    const isKept = this.#mutants.has('delete-keeps-flow-limits');
    for (const key of this.#disk.flowKeys.keys())
      if (key.startsWith(`${queue} `) && !isKept) this.#disk.flowKeys.delete(key);
    if (this.#mutants.has('delete-keeps-settings')) this.put(queue, {});
  }

  /** Has the scheduler look again. */
  changed(): void {
    this.#tasks.onChange();
  }

  /** The unfinished tasks of a queue. */
  unfinished(queue: string): Task[] {
    return this.#tasks.newestFirst().filter((task) => task.queue === queue && !isTerminal(task));
  }

  /** Spec: QUE-001. */
  names(): string[] {
    const used = this.#tasks.newestFirst().filter((task) => !isTerminal(task));
    const names = [...this.#disk.queues.keys(), ...used.map(({ queue }) => queue)];
    if (!this.#mutants.has('usual-queues-not-listed')) names.push('critical', 'default', 'low');
    return [...new Set(names)].toSorted(byCodePoint);
  }

  /** Spec: FLO-001. */
  flowKeys(queue: string): string[] {
    const put = this.#mutants.has('idle-flow-keys-not-listed')
      ? []
      : [...this.#disk.flowKeys.keys()].filter((key) => key.startsWith(`${queue} `));
    const keys = put.map((key) => key.slice(queue.length + 1));
    return [...new Set([...keys, ...this.unfinished(queue).map(({ flowKey }) => flowKey)])].toSorted(
      byCodePoint,
    );
  }

  /** The task with the defaults of its queue where its submission left them out. Spec: QUE-015. */
  resolved(task: Task): Task {
    const { asSubmitted } = task;
    if (asSubmitted === undefined || this.#mutants.has('queue-defaults-ignored')) return task;
    const { retry = {}, timeoutMs } = this.of(task.queue);
    const isOwner = this.#mutants.has('queue-defaults-beat-the-task');
    const members = Object.entries(retry).filter(([name]) => isOwner || !asSubmitted.own.includes(name));
    const isOwn = asSubmitted.own.includes('timeoutMs');
    return {
      ...task,
      retry: { ...asSubmitted.retry, ...Object.fromEntries(members) },
      timeoutMs: isOwn ? asSubmitted.timeoutMs : (timeoutMs ?? asSubmitted.timeoutMs),
    };
  }

  #resolveAll(queue: string): void {
    if (this.#mutants.has('defaults-for-new-tasks-only')) return;
    for (const task of this.unfinished(queue)) this.#tasks.save(this.resolved(task));
  }
}

export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
