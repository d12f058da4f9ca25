import type {
  Answered,
  Operate,
  ProducerEvent,
  Received,
  Submit,
  TargetEvent,
  Transition,
  TransitionRow,
} from '../../events.ts';
import { isTerminal } from '../steps.ts';
import { taskHistoryOf, type TaskHistory } from '../task-history.ts';

/** When hand-written logs begin. */
export const START = Date.UTC(2026, 10, 22, 12);

const LEASE_MS = 30_000;

/**
 * Writes the logs of one task by hand, as a service would that does everything right; each call is a moment later.
 * Whatever a test wants to be wrong it says in the call, or puts into the rows itself.
 */
export class TaskLog {
  readonly token: string;
  readonly producer: ProducerEvent[] = [];
  readonly target: TargetEvent[] = [];
  readonly transitions: Transition[] = [];
  /** The instant of the next call. */
  now: number = START;
  #row: TransitionRow | undefined;
  #serial: number;

  /** Tasks of one run need serials that are far apart. */
  constructor(token = 'a', serial = 1000) {
    this.token = token;
    this.#serial = serial;
  }

  wait(ms: number): this {
    this.now += ms;
    return this;
  }

  /** A submit that is recorded and answered 201, unless told otherwise. */
  submit(
    asked: Partial<Submit> = {},
    answered: { status?: number; taskId?: string; recorded?: boolean } = {},
  ): this {
    const call = this.#next();
    this.producer.push({
      ...SUBMIT,
      at: this.now,
      token: this.token,
      id: `id-${this.token}`,
      call,
      ...asked,
    });
    this.wait(1);
    const { status = 201, recorded = status === 201, taskId = asked.id ?? `id-${this.token}` } = answered;
    if (recorded) this.#record(asked);
    this.wait(1);
    const answer = { kind: 'submit-answer', at: this.now, token: this.token, call } as const;
    this.producer.push(status === 0 ? { ...answer, error: 'reset' } : { ...answer, status, taskId });
    return this;
  }

  claim(patch: Partial<TransitionRow> = {}): this {
    this.wait(1);
    const { attempt = 0, firstClaimedAt = this.now } = this.row;
    const claimed = { state: 'running', attempt: attempt + 1, startedAt: this.now, firstClaimedAt };
    return this.change('unfinished_tasks', 'update', { ...this.row, ...claimed, ...this.#lease(), ...patch });
  }

  renew(patch: Partial<TransitionRow> = {}): this {
    this.wait(1);
    return this.change('unfinished_tasks', 'update', {
      ...this.row,
      leaseUntil: this.now + LEASE_MS,
      ...patch,
    });
  }

  takeOver(): this {
    this.wait(1);
    const { lease, leaseUntil } = this.#lease();
    return this.change('unfinished_tasks', 'update', { ...this.row, lease, leaseUntil });
  }

  /** A request to the target and its answer. */
  deliver(answered: Partial<Answered> = {}, received: Partial<Received> = {}): this {
    const exchange = this.#next();
    this.wait(1);
    this.target.push({
      ...RECEIVED,
      at: this.now,
      token: this.token,
      exchange,
      taskId: `id-${this.token}`,
      attempt: this.row.attempt ?? 0,
      attemptsLeft: SUBMIT.retry.maxAttempts - (this.row.attemptsUsed ?? 0) - 1,
      ...received,
    });
    this.wait(1);
    this.target.push({
      kind: 'answered',
      at: this.now,
      token: this.token,
      exchange,
      how: 'answered',
      ...(answered.how === undefined && { status: 204 }),
      ...answered,
    });
    return this;
  }

  /** The end of the attempt: `to` is the row that it leads to, and `ended` what its record says. */
  settle(outcome: string, to: Partial<TransitionRow> = {}, ended: Partial<TransitionRow> = {}): this {
    this.wait(1);
    const { attempt, scheduler, startedAt } = this.row;
    const uses = outcome === 'retryable' || outcome === 'lease-lost' ? 1 : 0;
    const attemptsUsed = (this.row.attemptsUsed ?? 0) + uses;
    const transaction = this.#transaction();
    const record = {
      attempt,
      scheduler,
      startedAt,
      endedAt: this.now,
      outcome,
      ...(ended.errorCode === undefined && statusOf(outcome)),
      ...ended,
    };
    this.change('attempts', 'insert', present(record), transaction);
    return this.#moveTo({ ...AFTER[outcome], ...this.#dueAfter(outcome), attemptsUsed, ...to }, transaction);
  }

  /** What waits fails as expired, whatever its instants say. */
  expire(): this {
    return this.#moveTo({ state: 'failed', reason: 'expired' }, this.#transaction());
  }

  /** An operation that takes effect and is answered 200; `effect` false: it is only answered. */
  operate(operation: Operate['operation'], { effect = true, status = 200 } = {}): this {
    this.wait(1);
    const call = this.#next();
    this.producer.push({ kind: 'operate', at: this.now, token: this.token, call, operation });
    this.wait(1);
    if (effect) this.#takeEffect(operation);
    this.wait(1);
    this.producer.push({ kind: 'operate-answer', at: this.now, token: this.token, call, status });
    return this;
  }

  /** A change of a row as the trigger would log it. */
  change(
    table: Transition['table'],
    op: Transition['op'],
    row: TransitionRow,
    transaction = this.#transaction(),
  ): this {
    const n = this.#next();
    const { now: at, token } = this;
    this.transitions.push({ kind: 'transition', n, at, begunAt: at, transaction, token, table, op, row });
    if (table === 'unfinished_tasks' || table === 'finished_tasks')
      this.#row = op === 'delete' ? undefined : row;
    return this;
  }

  /** What a producer logged, altered after the fact. */
  alter(kind: ProducerEvent['kind'], patch: Partial<ProducerEvent>): this {
    const altered = this.producer.map((event) => (event.kind === kind ? { ...event, ...patch } : event));
    this.producer.splice(0, Infinity, ...(altered as ProducerEvent[]));
    return this;
  }

  /** The row as it stands. */
  get row(): TransitionRow {
    return this.#row ?? {};
  }

  history(): TaskHistory {
    return taskHistoryOf(this.token, this);
  }

  #record({ notBefore, expiresAt }: Partial<Submit>): void {
    const transaction = this.#transaction();
    const instants = { dueAt: notBefore ?? this.now, ...present({ expiresAt }) };
    this.change('tasks', 'insert', { id: `id-${this.token}`, ...instants }, transaction);
    const waiting = { state: 'pending', attempt: 0, attemptsUsed: 0, ...instants };
    this.change('unfinished_tasks', 'insert', waiting, transaction);
  }

  #takeEffect(operation: Operate['operation']): void {
    if (operation === 'run') this.change('unfinished_tasks', 'update', { ...this.row, dueAt: this.now });
    else if (operation === 'cancel' && this.row.state === 'running')
      this.change('unfinished_tasks', 'update', { ...this.row, cancelRequestedAt: this.now });
    else if (operation === 'cancel')
      this.#moveTo({ state: 'cancelled', cancelRequestedAt: this.now }, this.#transaction());
    else this.#reopen();
  }

  #reopen(): void {
    const { attempt, startedAt } = this.row;
    const transaction = this.#transaction();
    const reopened = { state: 'pending', attempt, attemptsUsed: 0, startedAt, dueAt: this.now };
    this.change('finished_tasks', 'delete', this.row, transaction);
    this.change('unfinished_tasks', 'insert', present(reopened), transaction);
  }

  #moveTo(to: Partial<TransitionRow>, transaction: string): this {
    const { lease: _, leaseUntil: __, scheduler: ___, ...kept } = this.row;
    const row = { ...kept, ...to };
    if (!isTerminal(row)) return this.change('unfinished_tasks', 'update', row, transaction);
    this.change('unfinished_tasks', 'delete', this.row, transaction);
    return this.change('finished_tasks', 'insert', { ...row, finishedAt: this.now }, transaction);
  }

  #dueAfter(outcome: string): Partial<TransitionRow> {
    if (outcome === 'retryable') return { dueAt: this.now + SUBMIT.retry.minBackoffMs };
    return outcome === 'lease-lost' ? { dueAt: this.now } : {};
  }

  #lease() {
    return { lease: this.#next(), leaseUntil: this.now + LEASE_MS, scheduler: 'id-of-scheduler-1' };
  }

  #transaction(): string {
    return `t${this.#next()}`;
  }

  #next(): number {
    return (this.#serial += 1);
  }
}

const SUBMIT = {
  kind: 'submit',
  recorder: 'recorder-1',
  method: 'POST',
  path: '/ok',
  bodySha256: 'abc',
  timeoutMs: 5000,
  retry: { maxAttempts: 5, minBackoffMs: 1000, maxBackoffMs: 1000, multiplier: 1 },
  plan: 'healthy-1/ok',
} as const;

const RECEIVED = {
  kind: 'received',
  method: 'POST',
  path: '/ok',
  bodySha256: 'abc',
  signatureIsValid: true,
} as const;

/** What an attempt with this outcome makes of a task that has budget left. */
const AFTER: Record<string, Partial<TransitionRow>> = {
  completed: { state: 'completed' },
  rejected: { state: 'failed', reason: 'rejected' },
  'target-blocked': { state: 'failed', reason: 'target-blocked' },
  retryable: { state: 'pending' },
  'lease-lost': { state: 'pending' },
  released: { state: 'pending' },
};

function statusOf(outcome: string): Partial<TransitionRow> {
  if (outcome === 'completed') return { status: 204 };
  if (outcome === 'rejected') return { status: 400 };
  return outcome === 'retryable' ? { status: 503 } : { errorCode: outcome };
}

function present(row: { [Name in keyof TransitionRow]?: TransitionRow[Name] | undefined }): TransitionRow {
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined));
}
