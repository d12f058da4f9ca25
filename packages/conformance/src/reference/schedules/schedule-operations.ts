import { showInstant } from '../instant.ts';
import type { JsonNode } from '../json-reader.ts';
import { MemberReader } from '../member-reader.ts';
import { namePage } from '../name-page.ts';
import { invalidRequest, Problem } from '../problems.ts';
import { Cursors, type QueryReader } from '../query-reader.ts';
import type { Answer } from '../response.ts';
import type { Route } from '../routes.ts';
import type { Settings } from '../settings.ts';
import type { SubmitOperations } from '../submit-operations.ts';
import { objectJson, summaryJson } from '../task-json.ts';
import { readSchedulePut } from './schedule-put.ts';
import type { Schedule, ScheduleSettings } from './schedule.ts';
import type { ScheduleTable } from './schedule-table.ts';

const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._~-]{1,100}$/;

/** A body as it was read. */
interface Body {
  readonly root: JsonNode;
  readonly text: string;
}

/** The operations on schedules. */
export class ScheduleOperations {
  readonly #table: ScheduleTable;
  readonly #submit: SubmitOperations;
  readonly #settings: Settings;
  readonly #cursors: Cursors;
  /** For a mutant: since when schedules are paused. */
  readonly #pausedAtMs = new Map<string, number>();

  constructor(table: ScheduleTable, submit: SubmitOperations, settings: Settings, cursorSecret: Buffer) {
    this.#table = table;
    this.#submit = submit;
    this.#settings = settings;
    this.#cursors = new Cursors(cursorSecret, settings.mutants);
  }

  answer({ name, id }: Route, query: QueryReader, body: Body | undefined): Answer {
    if (name === 'listSchedules') return this.#list(query);
    if (name === 'putSchedule') return this.#put(id, query, body);
    this.#requireNoMembers(query, body);
    const schedule = this.#get(id);
    switch (name) {
      case 'pauseSchedule':
        return this.#pause(schedule);
      case 'resumeSchedule':
        return this.#shown(this.#table.resume(schedule, this.#pausedAtMs.get(id)));
      case 'runSchedule':
        return this.#run(schedule);
      case 'deleteSchedule':
        this.#table.delete(schedule);
        return { status: 204 };
      default:
        return this.#shown(schedule);
    }
  }

  #list(query: QueryReader): Answer {
    const show = (name: string): string => this.#json(this.#get(name));
    const list = { member: 'schedules', names: this.#table.names(), show };
    return namePage(query, list, this.#cursors, this.#settings);
  }

  #put(name: string, query: QueryReader, body: Body | undefined): Answer {
    const { mutants } = this.#settings;
    if (body === undefined) throw invalidRequest([{ pointer: '', detail: 'expected a body, got none' }]);
    const reader = new MemberReader(mutants);
    const settings = readSchedulePut(reader, body, this.#settings);
    const known = this.#table.find(name);
    if (known && mutants.has('refused-schedule-put-kept'))
      this.#table.put(name, { ...known, overlap: settings.overlap });
    const errors = [...query.errors, ...reader.errors];
    if (errors.length > 0) throw invalidRequest(errors);
    if (!NAME.test(name)) notFound();
    const task = (body.root.kind === 'object' && body.root.members.get('task')) || body.root;
    this.#submit.judge([{ node: task, submission: settings.task }]);
    return this.#shown(this.#table.put(name, this.#merged(settings, known, body)));
  }

  /** What a mutant makes of a put. */
  #merged(settings: ScheduleSettings, known: Schedule | undefined, { root }: Body): ScheduleSettings {
    const isGiven = root.kind === 'object' && root.members.has('overlap');
    const isKept = known && !isGiven && this.#settings.mutants.has('put-keeps-what-it-leaves-out');
    return isKept ? { ...settings, overlap: known.overlap } : settings;
  }

  #pause(schedule: Schedule): Answer {
    if (schedule.paused && this.#settings.mutants.has('second-schedule-pause-404')) notFound();
    this.#pausedAtMs.set(schedule.name, Date.now());
    return this.#shown(schedule.paused ? schedule : this.#table.pause(schedule));
  }

  /** Spec: SCH-030, SCH-031. */
  #run(schedule: Schedule): Answer {
    const { mutants } = this.#settings;
    if (schedule.paused && mutants.has('paused-schedule-not-run')) notFound();
    const dueAtMs = Date.now() + (mutants.has('run-of-a-schedule-due-later') ? 5000 : 0);
    const task = this.#table.record(schedule, { dueAtMs });
    const isTick = mutants.has('run-counts-as-a-tick');
    const tick = isTick ? { lastTickAtMs: Date.now(), nextTickAtMs: this.#afterNext(schedule) } : {};
    if (!mutants.has('run-not-shown')) this.#table.save({ ...schedule, ...tick, lastTaskId: task.id });
    const headers = { Location: `/v1/tasks/${encodeURIComponent(task.id)}` };
    const status = mutants.has('run-of-a-schedule-200') ? 200 : 201;
    return { status, body: summaryJson(task, this.#settings), headers };
  }

  #afterNext(schedule: Schedule): number | undefined {
    return schedule.nextTickAtMs && this.#table.tickAfter(schedule, schedule.nextTickAtMs);
  }

  #get(name: string): Schedule {
    const schedule = this.#table.find(name);
    if (schedule === undefined && this.#settings.mutants.has('unknown-schedule-as-a-queue'))
      throw new Problem('queue-not-found', 'no queue has this name');
    return schedule ?? notFound();
  }

  #requireNoMembers(query: QueryReader, body: Body | undefined): void {
    const reader = new MemberReader(this.#settings.mutants);
    if (body !== undefined) reader.members(body.root, '', []);
    const errors = [...query.errors, ...reader.errors];
    if (errors.length > 0) throw invalidRequest(errors);
  }

  #shown(schedule: Schedule): Answer {
    return { status: 200, body: this.#json(schedule) };
  }

  #json(schedule: Schedule): string {
    const { mutants } = this.#settings;
    const { name, cron, timeZone, missedTicks, overlap, paused, lastTickAtMs, lastTaskId } = schedule;
    const { taskText } = schedule;
    const isNextShown = !paused || mutants.has('paused-schedule-shows-a-tick');
    const nextTickAtMs = isNextShown ? this.#nextTickAtMs(schedule) : undefined;
    const members = objectJson(this.#settings, {
      name,
      cron,
      timeZone,
      missedTicks,
      overlap,
      paused,
      lastTaskId,
      nextTickAt: nextTickAtMs === undefined ? undefined : showInstant(nextTickAtMs),
      lastTickAt: lastTickAtMs === undefined ? undefined : showInstant(lastTickAtMs),
      createdAt: showInstant(schedule.createdAtMs),
    });
    const task = mutants.has('schedule-arguments-reprinted')
      ? JSON.stringify(JSON.parse(taskText))
      : mutants.has('schedule-shows-defaults')
        ? taskText.replace('{', '{"timeoutMs":30000,')
        : taskText;
    return members.replace(/\}$/, () => `,"task":${task}}`);
  }

  #nextTickAtMs(schedule: Schedule): number | undefined {
    const { mutants } = this.#settings;
    if (schedule.paused) return this.#table.tickAfter(schedule, Date.now());
    if (mutants.has('next-tick-shown-is-the-first')) {
      return this.#table.tickAfter(schedule, schedule.createdAtMs);
    }
    return schedule.nextTickAtMs;
  }
}

function notFound(): never {
  throw new Problem('schedule-not-found', 'no schedule has this name');
}
