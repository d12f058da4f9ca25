import type { Disk } from '../disk.ts';
import type { Engine } from '../engine.ts';
import { byCodePoint } from '../queue-table.ts';
import type { Settings } from '../settings.ts';
import { isTerminal, type Submission, type Task } from '../task.ts';
import { readCron } from './cron-fields.ts';
import { nextTick } from './next-tick.ts';
import type { Schedule, ScheduleSettings } from './schedule.ts';

/** The schedules, all on the disk, and what operators change of them. Each change is one step. */
export class ScheduleTable {
  /** Called after each change, because something may tick sooner. */
  onChange: () => void = () => undefined;
  readonly #disk: Disk;
  readonly #engine: Engine;
  readonly #mutants: Settings['mutants'];

  constructor(disk: Disk, engine: Engine, { mutants }: Settings) {
    this.#disk = disk;
    this.#engine = engine;
    this.#mutants = mutants;
    if (mutants.has('schedules-lost-at-restart')) disk.schedules.clear();
  }

  find(name: string): Schedule | undefined {
    return this.#disk.schedules.get(name);
  }

  /** Spec: SCH-001. */
  names(): string[] {
    const names = [...this.#disk.schedules.keys()];
    if (!this.#mutants.has('schedules-in-any-case-order')) return names.toSorted(byCodePoint);
    return names.toSorted((a, b) => byCodePoint(a.toLowerCase(), b.toLowerCase()));
  }

  all(): readonly Schedule[] {
    return [...this.#disk.schedules.values()];
  }

  /** Spec: SCH-010, SCH-013, SCH-014, SCH-017. */
  put(name: string, settings: ScheduleSettings): Schedule {
    const known = this.find(name);
    const mutants = this.#mutants;
    if (known === undefined) {
      const nextTickAtMs = this.tickAfter(settings, Date.now());
      return this.save({ ...settings, name, paused: false, nextTickAtMs, createdAtMs: Date.now() });
    }
    const isSame = known.cron === settings.cron && known.timeZone === settings.timeZone;
    const paused = known.paused && !mutants.has('put-resumes-a-schedule');
    const nextTickAtMs = this.#nextTickOf(known, settings, isSame);
    if (!isSame && mutants.has('old-times-tick-once-more'))
      setTimeout(() => this.#tickOnceMore(known), 1500).unref();
    return this.save({ ...known, ...settings, paused, nextTickAtMs: paused ? undefined : nextTickAtMs });
  }

  pause(schedule: Schedule): Schedule {
    if (this.#mutants.has('paused-schedule-ticks')) return this.save({ ...schedule, paused: true });
    return this.save({ ...schedule, paused: true, nextTickAtMs: undefined });
  }

  /** Spec: SCH-022. */
  resume(schedule: Schedule, pausedAtMs: number | undefined): Schedule {
    if (!schedule.paused && !this.#mutants.has('resume-leaves-a-tick-out')) return schedule;
    const fromMs = this.#mutants.has('pause-is-made-up-for') ? (pausedAtMs ?? 0) : Date.now();
    const afterMs = schedule.paused ? fromMs : (schedule.nextTickAtMs ?? fromMs);
    return this.save({ ...schedule, paused: false, nextTickAtMs: this.tickAfter(schedule, afterMs) });
  }

  /** Spec: SCH-040. */
  delete(schedule: Schedule): void {
    this.#disk.schedules.delete(schedule.name);
    if (this.#mutants.has('delete-takes-tasks-along'))
      for (const task of this.#engine.table.newestFirst())
        if (task.id === schedule.lastTaskId) this.#engine.table.delete(task);
    if (this.#mutants.has('deleted-schedule-ticks-once-more'))
      setTimeout(() => this.#tickOnceMore(schedule), 1500).unref();
    this.onChange();
  }

  save(schedule: Schedule): Schedule {
    this.#disk.schedules.set(schedule.name, schedule);
    this.onChange();
    return schedule;
  }

  /** The first tick after an instant. */
  tickAfter({ cron, timeZone }: ScheduleSettings, ms: number): number | undefined {
    const fields = readCron(cron, this.#mutants);
    return fields && nextTick(fields, timeZone, ms, this.#mutants);
  }

  hasUnfinishedTask({ lastTaskId }: Schedule): boolean {
    const task = lastTaskId === undefined ? undefined : this.#engine.table.find(lastTaskId);
    if (task === undefined) return false;
    if (task.state === 'pending' && this.#mutants.has('overlap-of-pending-ignored')) return false;
    return !isTerminal(task) || this.#mutants.has('overlap-never-ends');
  }

  hasTask(id: string): boolean {
    return this.#engine.table.find(id) !== undefined;
  }

  /** Records a task of a schedule: of a tick with its id, of a run with one that is generated. */
  record({ task }: Schedule, tick: { readonly id?: string; readonly dueAtMs?: number }): Task {
    const args = tick.id !== undefined && this.#mutants.has('ticks-without-arguments');
    const submission: Submission = { ...task, pointer: '', ...(args ? { taskArgs: 'null' } : {}), ...tick };
    const [submitted] = this.#engine.submit([submission], [undefined]);
    if (submitted === undefined) throw new Error('nothing was recorded');
    return submitted.task;
  }

  /** The next tick of a schedule that is put again. Spec: SCH-013, SCH-017. */
  #nextTickOf(known: Schedule, settings: ScheduleSettings, isSame: boolean): number | undefined {
    const mutants = this.#mutants;
    const nowMs = Date.now();
    const { paused, nextTickAtMs = Infinity } = known;
    const isLost = nextTickAtMs < nowMs + 1000 && mutants.has('put-loses-the-tick-at-hand');
    if (isSame && (isLost || mutants.has('put-leaves-a-tick-out')))
      return this.tickAfter(settings, nextTickAtMs);
    if (!paused && (isSame || mutants.has('put-of-times-seen-later'))) return known.nextTickAtMs;
    const isEarly = mutants.has('new-times-count-from-the-first-put');
    return this.tickAfter(settings, isEarly ? known.createdAtMs : nowMs);
  }

  /** For mutants: a tick that nobody asked for any more. */
  #tickOnceMore(schedule: Schedule): void {
    const dueAtMs = Math.floor(Date.now() / 1000) * 1000;
    const id = tickTaskId(schedule, dueAtMs);
    if (!this.hasTask(id)) this.record(schedule, { id, dueAtMs });
  }
}

/** The id of a tick's task. Spec: SCH-051. */
export function tickTaskId({ name }: Schedule, tickMs: number): string {
  return `${name}:${new Date(tickMs).toISOString().replace('.000', '')}`;
}
