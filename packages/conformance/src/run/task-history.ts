import type { Json } from './json.ts';
import type { Fault, SeenTask } from './seen-task.ts';
import { transitionFault } from './task-transition.ts';
import { taskFaults } from './task-members.ts';

/** What the history found wrong: the requirement that it is about, in which check, and with which request. */
export interface HistoryFault {
  readonly requirement: string;
  readonly check: string;
  readonly what: string;
  readonly curl: string;
}

/** A request and the JSON of its answer, with `performance.now()` at both ends. */
export interface Exchange {
  readonly method: string;
  readonly path: string;
  readonly sentAtMs: number;
  readonly receivedAtMs: number;
  readonly json: Json;
  readonly check: string;
  readonly curl: string;
}

interface Entry {
  task?: SeenTask;
  seenAtMs: number;
  /** Nothing that was asked for before this instant says what the task was afterwards. */
  changedAtMs: number;
}

const RETRY_OR_DELETE = /^\/v1\/tasks\/([^/?]+)(?:\/retry)?$/;

/** Every task that a run saw, in the order of seeing, judged against the state table and the rules of its members. */
export class TaskHistory {
  readonly faults: HistoryFault[] = [];
  readonly #entries = new Map<string, Entry>();
  #seen = 0;
  #pairs = 0;

  /** How many tasks were seen in responses. */
  get seen(): number {
    return this.#seen;
  }

  /** How often a task was seen again. */
  get pairs(): number {
    return this.#pairs;
  }

  /** Before a request: an operator's retry or delete begins a new life of the task. */
  asked(method: string, path: string): void {
    const id = renewedId(method, path);
    if (id !== undefined) this.#entries.set(id, { seenAtMs: 0, changedAtMs: Infinity });
  }

  /** True if an operator ever retried or deleted the task. */
  isRenewed(id: string): boolean {
    return (this.#entries.get(id)?.changedAtMs ?? 0) > 0;
  }

  /** After its answer. */
  answered(exchange: Exchange): void {
    const id = renewedId(exchange.method, exchange.path);
    if (id !== undefined) this.#entries.set(id, { seenAtMs: 0, changedAtMs: exchange.receivedAtMs });
    for (const task of tasksIn(exchange.json)) this.#see(task, exchange);
  }

  #see(task: SeenTask, { sentAtMs, receivedAtMs, check, curl }: Exchange): void {
    this.#seen += 1;
    const note = ([requirement, what]: Fault): void =>
      void this.faults.push({ requirement, check, curl, what: `${task.id}: ${what}` });
    for (const fault of taskFaults(task)) note(fault);
    const entry = this.#entries.get(task.id) ?? { seenAtMs: 0, changedAtMs: 0 };
    // Of two answers that were on their way together, nobody knows which state came first.
    if (sentAtMs < entry.changedAtMs || sentAtMs < entry.seenAtMs) return;
    if (entry.task !== undefined) {
      this.#pairs += 1;
      const fault = transitionFault(entry.task, task);
      if (fault !== undefined) note(fault);
    }
    this.#entries.set(task.id, { ...entry, task, seenAtMs: receivedAtMs });
  }
}

function renewedId(method: string, path: string): string | undefined {
  const isRenewal = (method === 'POST' && path.endsWith('/retry')) || method === 'DELETE';
  const id = isRenewal ? RETRY_OR_DELETE.exec(path)?.[1] : undefined;
  try {
    return id === undefined ? undefined : decodeURIComponent(id);
  } catch {
    return undefined;
  }
}

function tasksIn(json: Json): SeenTask[] {
  const items: Json[] = Array.isArray(json?.tasks) ? json.tasks : [json];
  return items.map((item) => item?.task ?? item).filter(isTask);
}

const isTask = (item: Json): boolean =>
  typeof item?.id === 'string' && typeof item?.state === 'string' && typeof item?.attempt === 'number';
