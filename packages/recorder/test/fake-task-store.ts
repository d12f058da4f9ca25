import { cancelDecision, deleteDecision, retryDecision, runDecision } from '@dispatchr/lifecycle';
import type {
  AttemptRecord,
  FoundTask,
  NewTask,
  OperationResult,
  SubmitResult,
  TargetRecord,
  TaskContent,
  TaskRecord,
  TaskStore,
} from '@dispatchr/store';
import { FakeScheduleStore } from './fake-schedule-store.ts';

type Recorded = {
  task: TaskRecord;
  content: TaskContent;
  waiting?: FoundTask['waiting'];
  fingerprint?: string;
  attempts: AttemptRecord[];
};

/** A store in memory, for tests in which the database is not the point. */
export class FakeTaskStore extends FakeScheduleStore {
  readonly recorded: Recorded[] = [];
  readonly targets: TargetRecord[] = [];
  /** What was handed in, in order. */
  readonly submitted: NewTask[] = [];
  /** Whether every method throws as it does while the database is away. */
  override isAway = false;
  /** Waits for tasks to be finished, as they were asked for; each ends by its signal, or by `resolve`. */
  readonly waits: { timeoutMs: number; signal: AbortSignal; resolve: (task: TaskRecord) => void }[] = [];
  /** Awaited by each submit before it answers. */
  gate: Promise<void> = Promise.resolve();

  asStore(): TaskStore {
    return this as unknown as TaskStore;
  }

  async submitTask(task: NewTask): Promise<SubmitResult> {
    this.refuseWhileAway();
    await this.gate;
    this.submitted.push(task);
    const existing = this.recorded.find(
      ({ task: { id }, content }) =>
        id === task.id ||
        (task.idempotencyKey !== undefined && content.idempotencyKey === task.idempotencyKey),
    );
    if (!existing) return { kind: 'created', task: this.#record(task) };
    if (existing.fingerprint === task.fingerprint) return { kind: 'existing', task: existing.task };
    return { kind: 'conflict', member: task.idempotencyKey === undefined ? 'id' : 'idempotencyKey' };
  }

  async submitBatch(tasks: readonly NewTask[]) {
    this.refuseWhileAway();
    const index = tasks.findIndex((task) => {
      const existing = this.#find(task.id);
      return existing !== undefined && existing.fingerprint !== task.fingerprint;
    });
    if (index !== -1) return { kind: 'conflict', index, member: 'id' };
    const results = await Promise.all(tasks.map((task) => this.submitTask(task)));
    return {
      kind: 'recorded',
      tasks: results.map((result) => ({
        created: result.kind === 'created',
        task: 'task' in result && result.task,
      })),
    };
  }

  async findTask(id: string) {
    this.refuseWhileAway();
    return this.#find(id);
  }

  untilFinished(task: TaskRecord, timeoutMs: number, signal: AbortSignal): Promise<TaskRecord> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve(task));
      this.waits.push({ timeoutMs, signal, resolve });
    });
  }

  async listTasks(filter: Record<string, unknown>, page: { limit: number; before?: number }) {
    this.refuseWhileAway();
    const { createdAfter: _after, createdBefore: _before, ...equal } = filter;
    const matching = this.recorded
      .map(({ task }) => task)
      .filter((task) => task.seq < (page.before ?? Number.POSITIVE_INFINITY))
      .filter((task) =>
        Object.entries(equal).every(([name, value]) => task[name as keyof TaskRecord] === value),
      )
      .toReversed();
    const tasks = matching.slice(0, page.limit);
    return matching.length > page.limit ? { tasks, next: tasks.at(-1)?.seq } : { tasks };
  }

  async listAttempts(id: string, page: { limit: number; after?: number }) {
    this.refuseWhileAway();
    const found = this.#find(id);
    if (!found) return undefined;
    const later = found.attempts.filter(({ attempt }) => attempt > (page.after ?? 0));
    const attempts = later.slice(0, page.limit);
    return later.length > page.limit ? { attempts, next: attempts.at(-1)?.attempt } : { attempts };
  }

  cancelTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (task) => {
      const decision = cancelDecision(task.state);
      if (decision === 'cancel') return { ...task, state: 'cancelled', finishedAt: new Date(2) };
      if (decision === 'request-cancel') return { ...task, cancelRequestedAt: new Date(1) };
      return decision === 'already-cancelled' ? task : undefined;
    });
  }

  runTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (task) => (runDecision(task.state) === 'run' ? task : undefined));
  }

  retryTask(id: string): Promise<OperationResult> {
    return this.#operate(id, (task) =>
      retryDecision(task.state) === 'retry' ? { ...task, state: 'pending' } : undefined,
    );
  }

  async deleteTask(id: string): Promise<OperationResult> {
    const result = await this.#operate(id, (task) =>
      deleteDecision(task.state) === 'delete' ? task : undefined,
    );
    if (result.kind === 'done')
      this.recorded.splice(
        this.recorded.findIndex(({ task }) => task.id === id),
        1,
      );
    return result;
  }

  async runSchedule(name: string, id: string): Promise<TaskRecord | undefined> {
    const schedule = await this.findSchedule(name);
    const content = this.scheduledTasks.get(name);
    if (!schedule || !content) return undefined;
    this.schedules.set(name, { ...schedule, lastTaskId: id });
    return this.#record({ ...content, id });
  }

  async listTargets({ limit, after = '', origin }: { limit: number; after?: string; origin?: string }) {
    this.refuseWhileAway();
    const matching = this.targets
      .filter((target) => target.origin > after && target.origin === (origin ?? target.origin))
      .toSorted((a, b) => (a.origin < b.origin ? -1 : 1));
    const items = matching.slice(0, limit);
    return matching.length > limit ? { items, next: items.at(-1)?.origin } : { items };
  }

  async closeCircuit(origin: string): Promise<TargetRecord> {
    this.refuseWhileAway();
    const index = this.targets.findIndex((target) => target.origin === origin);
    const [closed] = index === -1 ? [] : this.targets.splice(index, 1);
    return { origin, state: 'healthy', failures: 0, running: closed?.running ?? 0, heldUrls: [] };
  }

  async checkHealth() {
    this.refuseWhileAway();
  }

  /** Changes a recorded task, as a scheduler would. */
  change(id: string, changes: Partial<TaskRecord>): void {
    const found = this.#find(id);
    if (found) found.task = { ...found.task, ...changes };
  }

  #find(id: string): Recorded | undefined {
    return this.recorded.find(({ task }) => task.id === id);
  }

  async #operate(id: string, change: (task: TaskRecord) => TaskRecord | undefined): Promise<OperationResult> {
    this.refuseWhileAway();
    const found = this.#find(id);
    if (!found) return { kind: 'not-found' };
    const changed = change(found.task);
    if (!changed) return { kind: 'wrong-state', state: found.task.state };
    found.task = changed;
    return { kind: 'done', task: changed };
  }

  #record(task: NewTask): TaskRecord {
    const {
      fingerprint,
      taskArgs,
      request,
      headers,
      idempotencyKey,
      traceparent,
      tracestate,
      dueAt,
      delayMs,
      expiresAt,
      ...asSent
    } = task;
    const record: TaskRecord = {
      ...asSent,
      seq: this.recorded.length + 1,
      state: 'pending',
      dueAt: new Date(dueAt ?? delayMs ?? 0),
      ...(expiresAt && { expiresAt: new Date(expiresAt) }),
      createdAt: new Date(0),
      attempt: 0,
      attemptsUsed: 0,
    };
    const given = Object.entries({ taskArgs, request, headers, idempotencyKey, traceparent, tracestate });
    const content = Object.fromEntries(given.filter(([, value]) => value !== undefined));
    this.recorded.push({ task: record, content, ...(fingerprint && { fingerprint }), attempts: [] });
    return record;
  }
}
