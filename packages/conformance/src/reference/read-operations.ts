import type { Flow } from './flow.ts';
import { waitingJson } from './waiting.ts';
import { mistakenMatch } from './mistaken-filter.ts';
import { invalidRequest, Problem } from './problems.ts';
import { Cursors, type QueryReader } from './query-reader.ts';
import type { Answer } from './response.ts';
import type { Settings } from './settings.ts';
import { attemptOf } from './settlement.ts';
import { isFlowKey, isQueue, isTaskName } from './submission.ts';
import { attemptJson, summaryJson, taskJson } from './task-json.ts';
import type { TaskTable } from './task-table.ts';
import type { Attempt, Task } from './task.ts';

const STATES = ['pending', 'running', 'completed', 'failed', 'cancelled'];

/** `listTasks`, `getTask` and `listAttempts`. */
export class ReadOperations {
  readonly #table: TaskTable;
  readonly #flow: Flow;
  readonly #settings: Settings;
  readonly #cursors: Cursors;

  constructor(table: TaskTable, flow: Flow, settings: Settings, cursorSecret: Buffer) {
    this.#flow = flow;
    this.#table = table;
    this.#settings = settings;
    this.#cursors = new Cursors(cursorSecret, settings.mutants);
  }

  getTask(id: string): Answer {
    const task = this.#table.find(id);
    if (task === undefined && this.#settings.mutants.has('unknown-id-200'))
      return { status: 200, body: '{}' };
    const found = task ?? notFound();
    const waiting = waitingJson(found, this.#flow, this.#settings);
    return { status: 200, body: taskJson(found, this.#settings, waiting) };
  }

  /** Spec: REC-040 to REC-044. */
  listTasks(query: QueryReader): Answer {
    const { mutants } = this.#settings;
    const before = this.#cursors.read('tasks', query) ?? Infinity;
    const passes = this.#readFilter(query, before === Infinity);
    const limit = query.limit();
    if (query.errors.length > 0) throw invalidRequest(query.errors);
    const positionOf = this.#positionOf(passes);
    const all = this.#table.newestFirst();
    const tasks = all.filter((task) => positionOf(task) < before && passes(task));
    const last = all.find((task) => task.seq === before);
    const isLost = mutants.has('cursor-needs-its-task')
      ? last === undefined
      : mutants.has('cursor-needs-its-filter') && (last === undefined || !passes(last));
    if (isLost && before !== Infinity) tasks.length = 0;
    if (mutants.has('oldest-first')) tasks.reverse();
    if (mutants.has('listed-by-due-at')) tasks.sort((a, b) => b.dueAtMs - a.dueAtMs);
    const show = mutants.has('list-shows-content') ? taskJson : summaryJson;
    const items = tasks.map((task) => ({
      position: positionOf(task),
      json: () => show(this.#listed(task), this.#settings),
    }));
    return this.#page({ list: 'tasks', items, limit, isFirst: before === Infinity, step: 1 });
  }

  /** What a cursor counts by: the order of the submits, unless a mutant counts by something else. */
  #positionOf(passes: (task: Task) => boolean): (task: Task) => number {
    const { mutants } = this.#settings;
    if (mutants.has('cursor-by-created-at')) return (task) => task.createdAtMs;
    if (!mutants.has('cursor-is-an-offset')) return (task) => task.seq;
    const places = new Map(
      this.#table
        .newestFirst()
        .filter(passes)
        .map((task, at) => [task.seq, -1 - at]),
    );
    return (task) => places.get(task.seq) ?? Infinity;
  }

  /** The task itself, but for a mutant. */
  #listed(task: Task): Task {
    const isEarly = task.state === 'running' && this.#settings.mutants.has('completed-before-answer');
    return isEarly ? { ...task, state: 'completed', finishedAtMs: task.startedAtMs } : task;
  }

  /** Spec: REC-060, REC-061. */
  listAttempts(id: string, query: QueryReader): Answer {
    const limit = query.limit();
    const after = this.#cursors.read(`attempts of ${id}`, query) ?? 0;
    if (query.errors.length > 0) throw invalidRequest(query.errors);
    const { mutants } = this.#settings;
    const task = this.#table.find(id);
    if (task === undefined && mutants.has('attempts-of-unknown-empty'))
      return { status: 200, body: '{"attempts":[]}' };
    const latestMs = mutants.has('attempt-visible-late') ? Date.now() - 60 : Infinity;
    const isVisible = ({ attempt, outcome, endedAtMs }: Attempt): boolean =>
      attempt > 1 || outcome !== 'completed' || endedAtMs < latestMs;
    const attempts = (task ?? notFound()).attempts.filter(isVisible);
    if (task?.attempt === 0 && mutants.has('attempts-before-first-404')) notFound();
    if (task?.state === 'running' && mutants.has('attempt-in-flight-listed'))
      attempts.push(attemptOf(task, { outcome: 'completed' }, Date.now()));
    const skipped = after > 0 && mutants.has('attempts-page-skips') ? 1 : 0;
    const rest = attempts
      .filter(({ attempt }) => attempt > after + skipped)
      .filter(({ outcome }) => outcome !== 'released' || !mutants.has('released-not-listed'));
    if (mutants.has('attempts-newest-first')) rest.reverse();
    const items = rest.map((each) => ({
      position: each.attempt,
      json: () => attemptJson(each, this.#settings),
    }));
    return this.#page({ list: `attempts of ${id}`, items, limit, isFirst: after === 0, step: -1 });
  }

  /** The first items and, while more follow, the cursor of the next page. Spec: PAG-001 to PAG-006. */
  #page({ list, items, limit, isFirst, step }: Page): Answer {
    const { mutants, variants } = this.#settings;
    const name = list === 'tasks' ? 'tasks' : 'attempts';
    const size = variants.has('short-pages')
      ? Math.ceil(limit / 2)
      : limit + (mutants.has(name === 'tasks' ? 'limit-ignored' : 'attempts-limit-ignored') ? 1 : 0);
    const skipped = !isFirst && mutants.has('page-skips') ? 1 : 0;
    const shown = items.slice(skipped, skipped + size);
    const last = shown.at(-1)?.position ?? 0;
    const position = mutants.has('page-repeats') && size > 1 ? last + step : last;
    const least = mutants.has('cursor-missing-before-last') ? 1 : 0;
    const hasMore = items.length > skipped + size + least;
    if (items.length === 0 && name === 'tasks' && mutants.has('empty-list-404')) notFound();
    const next = hasMore ? `,"nextCursor":${JSON.stringify(this.#cursors.make(list, position))}` : '';
    const unknown = variants.has('extra-members') ? ',"x-unknown":null' : '';
    return {
      status: 200,
      body: `{"${name}":[${shown.map(({ json }) => json()).join(',')}]${next}${unknown}}`,
    };
  }

  #readFilter(query: QueryReader, isFirst: boolean): (task: Task) => boolean {
    const { mutants } = this.#settings;
    const target = (text: string) => /^https?:\/\/[^#]+$/i.test(text) && text.length <= 2048;
    const wanted = {
      state: query.text('state', `one of ${STATES.join(', ')}`, (text) => STATES.includes(text)),
      queue: query.text('queue', "a queue's name", isQueue),
      flowKey: this.#settings.mutants.has('flow-key-not-filtered')
        ? undefined
        : query.text('flowKey', '1 to 512 characters', isFlowKey),
      taskName: query.text('taskName', '1 to 255 characters', isTaskName),
      target: query.text('target', 'an absolute http or https URL', target),
    };
    if (mutants.has('filter-ignored')) wanted.queue = undefined;
    const names = (Object.keys(wanted) as (keyof typeof wanted)[]).filter(
      (name) => wanted[name] !== undefined,
    );
    const most = !isFirst && mutants.has('filters-forgotten-after-first-page') ? 1 : 2;
    if (most === 1 || mutants.has('filters-beyond-two-ignored')) names.splice(most);
    const from = query.instant('createdAfter') ?? -Infinity;
    const until = query.instant('createdBefore') ?? Infinity;
    return (task) =>
      task.createdAtMs >= from + (mutants.has('created-after-exclusive') ? 1 : 0) &&
      task.createdAtMs < until + (mutants.has('created-before-inclusive') ? 1 : 0) &&
      names.every(
        (name) => mistakenMatch(task, name, wanted[name] ?? '', mutants) ?? task[name] === wanted[name],
      );
  }
}

interface Page {
  readonly list: string;
  readonly items: readonly { readonly position: number; readonly json: () => string }[];
  readonly limit: number;
  readonly isFirst: boolean;
  /** What leads from an item's position to that of the item before it. */
  readonly step: number;
}

function notFound(): never {
  throw new Problem('task-not-found', 'no task has this id');
}
