import type { Disk } from './disk.ts';
import { type Closed, Gates } from './gates.ts';
import { QueueTable } from './queue-table.ts';
import type { Settings } from './settings.ts';
import { TargetHealth } from './target-health.ts';
import type { TaskTable } from './task-table.ts';
import type { Task } from './task.ts';

/** All that can keep a due task from being sent. */
export class Flow {
  readonly queues: QueueTable;
  readonly gates: Gates;
  readonly health: TargetHealth;
  readonly #mutants: Settings['mutants'];

  constructor(disk: Disk, tasks: TaskTable, settings: Settings) {
    this.queues = new QueueTable(disk, tasks, settings);
    this.gates = new Gates(this.queues, settings.mutants);
    this.health = new TargetHealth(settings);
    this.#mutants = settings.mutants;
  }

  /** What keeps a due task from being sent, in the order of WHY-002; `undefined` if nothing does. */
  closed(task: Task, nowMs: number): Closed | undefined {
    const isRun = task.runAtMs !== undefined;
    const isPaused = this.queues.of(task.queue).paused === true && !this.#mutants.has('pause-ignored');
    const early = this.#mutants.has('limits-shown-before-a-pause') && this.gates.closed(task, nowMs);
    if (early) return early;
    if (isPaused && (!isRun || this.#mutants.has('run-waits-for-resume'))) return { reason: 'queue-paused' };
    const held =
      isRun && !this.#mutants.has('run-waits-for-target') ? undefined : this.health.closed(task, nowMs);
    const limited = this.gates.closed(task, nowMs);
    return this.#mutants.has('limits-shown-before-the-target') ? (limited ?? held) : (held ?? limited);
  }

  /** Whether a due task may be sent now. */
  admits(task: Task, nowMs: number): boolean {
    const closed = this.closed(task, nowMs);
    const hasRoom = task.runAtMs !== undefined || this.health.hasRoom(task, nowMs);
    if (closed?.reason !== 'circuit-open') return closed === undefined && hasRoom;
    return this.health.admits(task, nowMs) && this.gates.closed(task, nowMs) === undefined;
  }
}
