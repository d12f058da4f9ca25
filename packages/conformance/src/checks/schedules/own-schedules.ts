import { setTimeout as sleep } from 'node:timers/promises';
import type { Check } from '../../check.ts';
import type { ApiResponse, Json } from '../../run/api.ts';
import type { CheckContext } from '../../run/check-context.ts';
import { Violation } from '../../run/violation.ts';

/** Ticks each second. */
export const EACH_SECOND = '* * * * * *';
/** Ticks when no run is about. */
export const EACH_YEAR = '17 3 5 2 *';

// How long a schedule may take to be known, and how long after a tick its task is there. Spec: SCH-052.
const KNOWN_AFTER_MS = 5000;
const RECORDED_AFTER_MS = 1000;
const POLL_MS = 100;
const MAX_PAGES = 100;

/** The schedules of one check: their names begin with that of its queue, and they are deleted when it ends. */
export class OwnSchedules {
  readonly #t: CheckContext;
  readonly #names = new Set<string>();

  constructor(t: CheckContext) {
    this.#t = t;
  }

  /** A name of the check's own. */
  name(suffix = ''): string {
    const name = `${this.#t.queue}${suffix}`;
    this.#names.add(name);
    return name;
  }

  /** A template whose tasks nobody gets and nobody tries twice. */
  task(members: object = {}): object {
    return this.#t.taskFor('http://conformance.invalid/schedules', { retry: { maxAttempts: 1 }, ...members });
  }

  /** A request to a schedule, or to something below it. */
  request(method: string, suffix = '', rest = '', body?: object | string): Promise<ApiResponse> {
    const path = `/v1/schedules/${this.name(suffix)}${rest}`;
    return this.#t.api.request(method, path, body === undefined ? {} : { body });
  }

  /** A put of a schedule as it is given, with the check's template unless it has one. */
  send(settings: object, suffix = ''): Promise<ApiResponse> {
    return this.request('PUT', suffix, '', { task: this.task(), ...settings });
  }

  /** The same, and requires 200; answers the schedule. */
  async put(settings: object, suffix = ''): Promise<Json> {
    return this.#shown(await this.send(settings, suffix));
  }

  async get(suffix = ''): Promise<Json> {
    return this.#shown(await this.request('GET', suffix));
  }

  /** Pauses or resumes. */
  async operate(operation: 'pause' | 'resume', suffix = ''): Promise<Json> {
    return this.#shown(await this.request('POST', suffix, `/${operation}`));
  }

  /** Runs a schedule, and requires 201; answers the task. */
  async run(suffix = ''): Promise<Json> {
    const response = await this.request('POST', suffix, '/run');
    this.#t.status(this.#t.mainRequirement, response, 201);
    return response.json;
  }

  /** Reads a schedule until `isThere` holds; it has the time of a few ticks. */
  async until(what: string, isThere: (schedule: Json) => boolean, suffix = ''): Promise<Json> {
    const t = this.#t;
    const deadline = performance.now() + tickPatienceMs(t);
    for (;;) {
      const schedule = await this.get(suffix);
      if (isThere(schedule)) return schedule;
      t.ok(t.mainRequirement, what, performance.now() < deadline, schedule);
      await sleep(POLL_MS);
    }
  }

  /** The ids of ticks of a schedule, as SCH-051 makes them. */
  tickIds(ticksMs: readonly number[], suffix = ''): string[] {
    const name = this.name(suffix);
    return ticksMs.map((ms) => `${name}:${new Date(ms).toISOString().replace('.000Z', 'Z')}`);
  }

  /** All tasks of the check's queue, the oldest first. */
  async tasks(): Promise<Json[]> {
    const t = this.#t;
    const tasks: Json[] = [];
    const limit = Math.min(100, t.discovery.limits.maxPageSize);
    const query = { queue: t.queue, limit };
    let cursor: { cursor?: string } = {};
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const response = await t.api.list({ ...query, ...cursor });
      t.status(t.mainRequirement, response, 200);
      tasks.push(...response.json.tasks);
      if (typeof response.json.nextCursor !== 'string') break;
      cursor = { cursor: response.json.nextCursor };
    }
    // Whether a list keeps to its filters, others judge.
    return tasks.filter(({ queue }) => queue === t.queue).toReversed();
  }

  /** The tasks of a schedule's ticks, in their order, each with its tick in milliseconds; NaN if its id has none. */
  async ticks(suffix = ''): Promise<Tick[]> {
    const prefix = `${this.name(suffix)}:`;
    const tasks = await this.tasks();
    return tasks
      .filter(({ id }) => id.startsWith(prefix))
      .map(({ id, createdAt }) => ({
        id,
        tickMs: Date.parse(id.slice(prefix.length)),
        createdAtMs: Date.parse(createdAt),
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Requires that these ticks are recorded, and no other task of the schedule until the last of them. */
  async requireTicks(requirement: string, ticksMs: readonly number[], suffix = ''): Promise<void> {
    await this.untilRecorded(ticksMs, suffix);
    const lastMs = ticksMs.at(-1) ?? 0;
    const ids = (await this.ticks(suffix)).filter(({ tickMs }) => !(tickMs > lastMs)).map(({ id }) => id);
    this.#t.equal(requirement, 'the tasks of these ticks', ids, this.tickIds(ticksMs, suffix));
  }

  /** Waits until each of these ticks is recorded; answers all tasks of the check's queue by then. */
  async untilRecorded(ticksMs: readonly number[], suffix = ''): Promise<Json[]> {
    const t = this.#t;
    const wanted = this.tickIds(ticksMs, suffix);
    const deadline = performance.now() + tickPatienceMs(t) + 1000 * ticksMs.length;
    for (;;) {
      const tasks = await this.tasks();
      const there = new Set(tasks.map(({ id }) => id));
      const missing = wanted.filter((id) => !there.has(id));
      if (missing.length === 0) return tasks;
      if (performance.now() > deadline)
        throw new Violation(t.mainRequirement, 'ticks were not recorded', 'their tasks', missing.join(', '));
      await sleep(POLL_MS);
    }
  }

  /** Waits while another schedule ticks that number of times. */
  async whileOthersTick(times: number): Promise<void> {
    const { nextTickAt } = await this.put({ cron: EACH_SECOND }, WITNESS);
    const lastMs = Date.parse(nextTickAt) + (times - 1) * 1000;
    this.#t.note(`waits for ${times} ticks of another schedule`);
    const hasTicked = ({ lastTickAt }: Json): boolean => Date.parse(lastTickAt) >= lastMs;
    await this.until(`another schedule ticks ${times} times`, hasTicked, WITNESS);
    await this.request('DELETE', WITNESS);
  }

  /** Deletes all of them, and cancels what they left. A run that failed may have left nobody to answer. */
  async forget(): Promise<void> {
    const { api, queue } = this.#t;
    const gone = [...this.#names].map((name) => api.request('DELETE', `/v1/schedules/${name}`));
    await Promise.allSettled(gone);
    const left = await api.list({ queue, state: 'pending' }).catch(() => undefined);
    const own = (left?.json?.tasks ?? []).filter((task: Json) => task.queue === queue);
    const ids: string[] = own.map(({ id }: Json) => id);
    await Promise.allSettled(ids.map((id) => api.operate(id, 'cancel')));
  }

  #shown(response: ApiResponse): Json {
    this.#t.status(this.#t.mainRequirement, response, 200);
    return response.json;
  }
}

/** The task of a tick. */
interface Tick {
  readonly id: string;
  readonly tickMs: number;
  readonly createdAtMs: number;
}

const WITNESS = '-witness';

/** Runs a check with schedules of its own, which are gone however it ends. */
export function withSchedules(
  run: (t: CheckContext, schedules: OwnSchedules) => Promise<void>,
): Check['run'] {
  return async (t) => {
    const schedules = new OwnSchedules(t);
    try {
      await run(t, schedules);
    } finally {
      await schedules.forget();
    }
  };
}

/** How long a check waits for a tick of each second: what SCH-052 gives, and the usual patience. */
export function tickPatienceMs(t: CheckContext): number {
  return KNOWN_AFTER_MS + RECORDED_AFTER_MS + t.timing.patienceMs;
}

/** The present by the recorder's clock, in milliseconds. */
export async function recorderNow(t: CheckContext): Promise<number> {
  return Date.parse((await t.submit(t.parked({ queue: `${t.queue}-now` }))).createdAt);
}

/** That number of ticks of each second, from an instant on. */
export function eachSecond(from: string, times: number): number[] {
  return Array.from({ length: times }, (_, at) => Date.parse(from) + at * 1000);
}
