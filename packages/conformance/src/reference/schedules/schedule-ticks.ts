import type { Settings } from '../settings.ts';
import type { Schedule } from './schedule.ts';
import { type ScheduleTable, tickTaskId } from './schedule-table.ts';

const MAX_TIMER_MS = 2_147_483_647;
const LATE_MS = 2500;
const LATE_TICK_MS = 300;

/** Records the tasks of schedules as they tick. One timer, set to the next tick. */
export class ScheduleTicks {
  readonly #table: ScheduleTable;
  readonly #settings: Settings;
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(table: ScheduleTable, settings: Settings) {
    this.#table = table;
    this.#settings = settings;
    if (settings.mutants.has('ticks-of-an-outage-lost')) this.#beginAnew();
    if (settings.mutants.has('last-tick-again-after-a-kill')) this.#tickAgain();
    table.onChange = () => this.#wake();
    this.#wake();
  }

  /** Ends the ticks at once; those that come are made up for after a start. */
  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wake(): void {
    clearTimeout(this.#timer);
    if (this.#stopped) return;
    const next = Math.min(...this.#table.all().map(({ nextTickAtMs }) => nextTickAtMs ?? Infinity));
    if (next === Infinity) return;
    const lateMs = this.#settings.mutants.has('ticks-recorded-late') ? LATE_MS : 0;
    const waitMs = Math.min(MAX_TIMER_MS, Math.max(1, next + lateMs - Date.now()));
    this.#timer = setTimeout(() => this.#tick(Date.now()), waitMs);
  }

  #tick(nowMs: number): void {
    for (const schedule of this.#table.all()) this.#tickOf(schedule, nowMs);
    this.#wake();
  }

  /** Records what is due of one schedule, and moves it on. Spec: SCH-050 to SCH-057. */
  #tickOf(schedule: Schedule, nowMs: number): void {
    const due: number[] = [];
    let next = schedule.nextTickAtMs;
    while (next !== undefined && next <= nowMs) {
      due.push(next);
      next = this.#table.tickAfter(schedule, next);
    }
    if (due.length === 0) return;
    let changed: Schedule = schedule;
    for (const tickMs of this.#chosen(schedule, due, nowMs)) changed = this.#record(changed, tickMs);
    this.#table.save({ ...changed, nextTickAtMs: next });
  }

  /** Those of the due ticks that are recorded, unless an overlap leaves them out. Spec: SCH-053 to SCH-055. */
  #chosen({ missedTicks }: Schedule, due: readonly number[], nowMs: number): readonly number[] {
    const { mutants, missedAfterMs } = this.#settings;
    const afterMs = mutants.has('late-ticks-count-as-missed') ? LATE_TICK_MS : missedAfterMs;
    const missed = due.filter((tickMs) => tickMs < nowMs - afterMs);
    const isKept = mutants.has('missed-ticks-never-skipped');
    const inTime = due.slice(missed.length);
    if (missedTicks === 'all' && !mutants.has('all-missed-ticks-as-one')) return due;
    if (missedTicks === 'skip' && !isKept) return inTime;
    if (missedTicks === 'one' && mutants.has('one-missed-tick-as-all')) return due;
    const one = mutants.has('first-missed-tick-recorded') ? missed.slice(0, 1) : missed.slice(-1);
    return [...one, ...inTime];
  }

  #record(schedule: Schedule, tickMs: number): Schedule {
    const { mutants } = this.#settings;
    const isForbidden = schedule.overlap === 'skip' || mutants.has('overlap-always-forbidden');
    const isOverlapping = isForbidden && !mutants.has('overlap-ignored');
    if (isOverlapping && this.#table.hasUnfinishedTask(schedule)) return schedule;
    if (mutants.has('every-third-tick-lost') && (tickMs / 1000) % 3 === 0) return schedule;
    const usual = tickTaskId(schedule, tickMs);
    const id = mutants.has('tick-ids-with-milliseconds') ? usual.replace('Z', '.000Z') : usual;
    if (this.#table.hasTask(id)) {
      if (mutants.has('taken-tick-under-another-id')) this.#table.record(schedule, { dueAtMs: tickMs });
      return schedule;
    }
    const dueAtMs = mutants.has('tick-due-when-recorded') ? Date.now() + 1 : tickMs;
    this.#table.record(schedule, { id, dueAtMs });
    if (mutants.has('ticks-recorded-twice')) this.#table.record(schedule, { id: `${id}-2`, dueAtMs });
    return { ...schedule, lastTickAtMs: tickMs, lastTaskId: id };
  }

  /** For a mutant: what was due while nothing ran is forgotten. */
  #beginAnew(): void {
    for (const schedule of this.#table.all())
      if (!schedule.paused)
        this.#table.save({ ...schedule, nextTickAtMs: this.#table.tickAfter(schedule, Date.now()) });
  }

  /** For a mutant: the last tick is recorded once more, by a process that does not know of it. */
  #tickAgain(): void {
    for (const schedule of this.#table.all())
      if (schedule.lastTickAtMs !== undefined)
        this.#table.record(schedule, { id: `${schedule.lastTaskId}-2`, dueAtMs: schedule.lastTickAtMs });
  }
}
