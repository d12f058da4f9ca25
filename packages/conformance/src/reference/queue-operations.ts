import type { Engine } from './engine.ts';
import type { Flow } from './flow.ts';
import { showInstant } from './instant.ts';
import type { JsonNode } from './json-reader.ts';
import { MemberReader } from './member-reader.ts';
import { type NameList, namePage } from './name-page.ts';
import { invalidRequest, Problem } from './problems.ts';
import { Cursors, type QueryReader } from './query-reader.ts';
import { readFlowChange, readQueueChange } from './read-settings.ts';
import type { Answer } from './response.ts';
import type { Route } from './routes.ts';
import type { Settings } from './settings.ts';
import { isFlowKey, isQueue } from './submission.ts';
import { objectJson } from './task-json.ts';
import type { Task } from './task.ts';

/** The operations on queues and flow keys. */
export class QueueOperations {
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #settings: Settings;
  readonly #cursors: Cursors;

  constructor(engine: Engine, flow: Flow, settings: Settings, cursorSecret: Buffer) {
    this.#engine = engine;
    this.#flow = flow;
    this.#settings = settings;
    this.#cursors = new Cursors(cursorSecret, settings.mutants);
  }

  list(query: QueryReader): Answer {
    const names = this.#flow.queues.names();
    return this.#page(query, { member: 'queues', names, show: (name) => this.#queueJson(name) });
  }

  listFlowKeys({ id }: Route, query: QueryReader): Answer {
    if (query.errors.length === 0) this.#requireQueue(id);
    const names = this.#flow.queues.flowKeys(id);
    return this.#page(query, { member: 'flowKeys', names, show: (key) => this.#flowKeyJson(id, key) });
  }

  /** The operations on one queue, but for lists. */
  answer({ name, id, second }: Route, query: QueryReader, root: JsonNode | undefined): Answer {
    const { queues } = this.#flow;
    const { mutants } = this.#settings;
    const dryRun = name === 'purgeQueue' ? this.#isDryRun(root, query) : false;
    if (!name.startsWith('put')) this.#requireNoMembers(query, name === 'purgeQueue' ? undefined : root);
    if (!isQueue(id)) throw notFound();
    switch (name) {
      case 'putQueue':
        return this.#put(id, query, root);
      case 'putFlowKey':
        return this.#putFlowKey({ id, flowKey: second }, query, root);
      case 'pauseQueue':
      case 'resumeQueue':
        if (name === 'pauseQueue' && queues.of(id).paused === true && mutants.has('second-pause-409'))
          throw new Problem('queue-not-empty', 'the queue is paused');
        if (name === 'resumeQueue' && mutants.has('resumed-late'))
          setTimeout(() => queues.put(id, { paused: false }), 2000).unref();
        else if (name === 'pauseQueue' || queues.of(id).paused !== undefined)
          queues.put(id, { paused: name === 'pauseQueue' });
        return this.#queue(id);
      case 'purgeQueue':
        return this.#purge(id, dryRun);
      case 'deleteQueue':
        if (queues.unfinished(id).length > 0 && !mutants.has('queue-in-use-deleted'))
          throw new Problem('queue-not-empty', 'expected a queue without unfinished tasks');
        this.#requireQueue(id);
        queues.delete(id);
        return { status: 204 };
      default:
        if (!mutants.has('unknown-queue-200')) this.#requireQueue(id);
        return this.#queue(id);
    }
  }

  #put(id: string, query: QueryReader, root: JsonNode | undefined): Answer {
    const reader = new MemberReader(this.#settings.mutants);
    const change = readQueueChange(reader, required(root), this.#settings.mutants);
    if (reader.errors.length > 0 && this.#settings.mutants.has('refused-put-kept'))
      this.#flow.queues.put(id, { weight: change.weight ?? 3 });
    refuseFaults(query, reader);
    this.#flow.queues.put(id, change);
    return this.#queue(id);
  }

  #putFlowKey({ id, flowKey }: FlowKeyPath, query: QueryReader, root: JsonNode | undefined): Answer {
    const reader = new MemberReader(this.#settings.mutants);
    if (!isFlowKey(flowKey))
      throw invalidRequest([{ parameter: 'flowKey', detail: 'expected 1 to 512 characters' }]);
    const change = readFlowChange(reader, required(root));
    refuseFaults(query, reader);
    this.#flow.queues.putFlowKey(id, flowKey, change);
    return { status: 200, body: this.#flowKeyJson(id, flowKey) };
  }

  #purge(id: string, dryRun: boolean): Answer {
    const { mutants } = this.#settings;
    this.#requireQueue(id);
    const tasks = this.#flow.queues
      .unfinished(id)
      .filter(({ state }) => state === 'pending' || mutants.has('purge-counts-running'))
      .filter(({ dueAtMs }) => dueAtMs <= Date.now() || !mutants.has('purge-leaves-delayed'));
    const isDry = dryRun && !mutants.has('dry-run-cancels');
    if (!isDry) for (const task of tasks) if (task.state === 'pending') this.#engine.cancel(task.id);
    return { status: 200, body: objectJson(this.#settings, { cancelled: tasks.length }) };
  }

  #isDryRun(root: JsonNode | undefined, query: QueryReader): boolean {
    const reader = new MemberReader(this.#settings.mutants);
    const dryRun = root && reader.members(root, '', ['dryRun']).get('dryRun');
    if (dryRun !== undefined && dryRun.kind !== 'boolean') reader.fault('/dryRun', 'a boolean', dryRun);
    refuseFaults(query, reader);
    return dryRun?.kind === 'boolean' && dryRun.value;
  }

  #requireNoMembers(query: QueryReader, root: JsonNode | undefined): void {
    const reader = new MemberReader(this.#settings.mutants);
    if (root !== undefined) reader.members(root, '', []);
    refuseFaults(query, reader);
  }

  #queue(id: string): Answer {
    return { status: 200, body: this.#queueJson(id) };
  }

  #requireQueue(id: string): void {
    const { queues } = this.#flow;
    const isUsual = ['critical', 'default', 'low'].includes(id);
    if (!isUsual && !queues.names().includes(id)) throw notFound();
  }

  #queueJson(name: string): string {
    const { queues } = this.#flow;
    const { paused = false, ...settings } = queues.of(name);
    const counts = this.#counts(queues.unfinished(name));
    return objectJson(this.#settings, { name, ...settings, paused, ...counts });
  }

  #flowKeyJson(queue: string, flowKey: string): string {
    const { queues } = this.#flow;
    const isCountedAlike = this.#settings.mutants.has('flow-keys-show-the-queue');
    const tasks = queues.unfinished(queue).filter((task) => task.flowKey === flowKey || isCountedAlike);
    const limits = queues.limitsOf(queue, flowKey);
    return objectJson(this.#settings, { flowKey, ...limits, ...this.#counts(tasks) });
  }

  /** Spec: QUE-003, QUE-004. */
  #counts(tasks: readonly Task[]): object {
    const { mutants } = this.#settings;
    const pending = tasks.filter(({ state }) => state === 'pending');
    const due = pending.filter(({ dueAtMs }) => dueAtMs <= Date.now());
    const dueAt = due.map(({ dueAtMs }) => dueAtMs);
    const oldest = mutants.has('oldest-is-the-newest') ? Math.max(...dueAt) : Math.min(...dueAt);
    return {
      pending: mutants.has('only-due-counted') ? due.length : pending.length,
      due: due.length,
      running: mutants.has('running-not-counted') ? 0 : tasks.length - pending.length,
      ...(due.length > 0 ? { oldestDueAt: showInstant(oldest) } : {}),
    };
  }

  #page(query: QueryReader, list: NameList): Answer {
    return namePage(query, list, this.#cursors, this.#settings);
  }
}

interface FlowKeyPath {
  readonly id: string;
  readonly flowKey: string;
}

function refuseFaults(query: QueryReader, reader: MemberReader): void {
  const errors = [...query.errors, ...reader.errors];
  if (errors.length > 0) throw invalidRequest(errors);
}

function notFound(): Problem {
  return new Problem('queue-not-found', 'no queue has this name');
}

function required(root: JsonNode | undefined): JsonNode {
  if (root !== undefined) return root;
  throw invalidRequest([{ pointer: '', detail: 'expected a body, got none' }]);
}
