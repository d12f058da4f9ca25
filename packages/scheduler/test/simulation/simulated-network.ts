import { DatabaseUnavailableError, type Database } from '@dispatchr/store';
import type { Row } from './database/row.ts';
import type { Call } from './history.ts';
import type { Armed } from './armed-faults.ts';
import type { StatementResult } from './simulated-database.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import { runTransaction } from './simulated-transaction.ts';
import type { World } from './world.ts';

/** The deadline of a call by default of the product's settings, in milliseconds. */
const DEADLINE_MS = 10_000;

/** Milliseconds that a call has to end after its deadline, before its connection is cut. */
const CANCEL_MS = 1000;

/** The most by which a call, or its answer, is late, in milliseconds. */
const LATEST_MS = 50_000;

const CLAIMS: ReadonlySet<string> = new Set(['claim-due-tasks', 'claim-flow-keys']);

type Role = 'submit' | 'claim' | 'settle' | 'read';

/** As many connections a role as packages/store opens. */
const CONNECTIONS: Readonly<Record<Role, number>> = { submit: 2, claim: 2, settle: 1, read: 4 };

/** A call from its ask to its answer. */
interface PendingCall {
  readonly statement: string;
  readonly role: Role;
  readonly values: readonly unknown[];
  readonly resolve: (rows: Row[]) => void;
  readonly reject: (error: Error) => void;
  readonly log: Call;
  cancelDeadline: () => void;
  askToCancel: (() => void) | undefined;
  /** Answered, or over its deadline. */
  isOver: boolean;
  hasConnection: boolean;
}

/** The connections of one process to the database, and everything that can happen on the way. */
export class SimulatedConnections implements Database {
  readonly kind = 'postgres';
  readonly #world: World;
  readonly #process: SimulatedProcess;
  readonly #inUse: Record<Role, number> = { submit: 0, claim: 0, settle: 0, read: 0 };
  #waiting: PendingCall[] = [];

  constructor(world: World, process: SimulatedProcess) {
    this.#world = world;
    this.#process = process;
  }

  query({ name, role }: { name: string; role: Role }, values: readonly unknown[]): Promise<Row[]> {
    const { time, history } = this.#world;
    return new Promise((resolve, reject) => {
      const log: Call = {
        process: this.#process.name,
        statement: name,
        askedMs: time.nowMs(),
        answeredMs: undefined,
        answer: undefined,
      };
      history.calls.push(log);
      const call: PendingCall = {
        statement: name,
        role,
        values,
        resolve,
        reject,
        log,
        cancelDeadline: () => {},
        askToCancel: undefined,
        isOver: false,
        hasConnection: false,
      };
      call.cancelDeadline = this.#process.clock.timer(DEADLINE_MS, () => this.#overrun(call));
      this.#waiting.push(call);
      this.#serve();
    });
  }

  transaction<T>(_role: Role, work: Parameters<Database['transaction']>[1]): Promise<T> {
    return runTransaction(this.#world, this.#process, work) as Promise<T>;
  }

  async listen(_channel: string, onNotify: (payload: string) => void): Promise<() => Promise<void>> {
    const listener = { process: this.#process, onNotify };
    await this.query({ name: 'announce-due-tasks', role: 'read' }, ['']);
    this.#world.listeners.add(listener);
    this.#process.onEnd(() => this.#world.listeners.delete(listener));
    return async () => void this.#world.listeners.delete(listener);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  #serve(): void {
    for (const call of this.#waiting) {
      if (this.#inUse[call.role] >= CONNECTIONS[call.role]) continue;
      this.#waiting = this.#waiting.filter((waiting) => waiting !== call);
      this.#inUse[call.role] += 1;
      call.hasConnection = true;
      this.#send(call);
      return this.#serve();
    }
  }

  #send(call: PendingCall): void {
    const world = this.#world;
    const fault = world.faults.strikeCall(this.#process.name, call.statement);
    if (fault !== undefined) this.#noteFault(fault);
    if (fault?.kind === 'kill-before-call') {
      this.#process.end();
      return;
    }
    if (fault?.kind === 'kill-during-call')
      world.time.in(fault.random.between(0, 12), () => this.#process.end());
    if (fault?.kind === 'call-lost') this.#loseAnswer(call, fault);
    else world.time.in(this.#delayMs(fault), () => this.#arrive(call, fault));
  }

  #noteFault({ kind }: Armed): void {
    const { time, history } = this.#world;
    const fromMs = time.nowMs();
    const untilMs = fromMs + (kind === 'call-late' || kind === 'answer-late' ? LATEST_MS : DEADLINE_MS);
    history.faults.push({ kind, whom: this.#process.name, fromMs, untilMs });
  }

  /** Milliseconds on the way to the database. */
  #delayMs(fault: Armed | undefined): number {
    if (fault?.kind === 'call-late') return fault.random.between(DEADLINE_MS + 1, LATEST_MS);
    if (fault?.kind === 'call-slow') return DEADLINE_MS * fault.random.between(0.1, 0.9);
    return this.#world.random.between(0.2, 2);
  }

  #arrive(call: PendingCall, fault: Armed | undefined): void {
    const { database, time } = this.#world;
    const { away } = database.health;
    if (away === 'silent') return;
    if (away === 'refusing' || fault?.kind === 'call-refused') {
      const error = away === 'refusing' ? unavailable('connection refused') : new Error('a statement failed');
      time.in(1, () => this.#bringBack(call, { error }, undefined));
      return;
    }
    const client = { id: this.#process.name, epochMs: this.#process.clock.epochMs() };
    const cancel = database.execute({ statement: call.statement, values: call.values, client }, (result) => {
      this.#bringBack(call, result, fault);
    });
    call.askToCancel = fault?.kind === 'call-late' ? undefined : cancel;
    if (fault?.kind === 'cut-in-commit') {
      if (fault.random.chance(0.5)) cancel();
      this.#loseAnswer(call, fault);
    }
  }

  /** The connection breaks, at once or without a sign of it. */
  #loseAnswer(call: PendingCall, { random }: Armed): void {
    if (random.chance(0.5)) return;
    const error = unavailable('connection reset');
    this.#world.time.in(random.between(1, 30), () =>
      this.#process.receive(() => this.#answer(call, { error })),
    );
  }

  #bringBack(call: PendingCall, result: StatementResult, fault: Armed | undefined): void {
    const { time, random, database } = this.#world;
    if (database.health.away === 'silent') return;
    if (call.statement === 'announce-due-tasks' && 'rows' in result) this.#notify(String(call.values[0]));
    if (fault?.kind === 'answer-lost') return this.#loseAnswer(call, fault);
    if (fault?.kind === 'cut-in-commit') return;
    const lateMs = fault?.kind === 'answer-late' ? fault.random.between(DEADLINE_MS + 1, LATEST_MS) : 0;
    time.in(random.between(0.2, 2) + lateMs, () =>
      this.#process.receive(() => {
        if (fault?.kind === 'kill-after-call') this.#process.end();
        else this.#answer(call, result);
      }),
    );
  }

  #notify(payload: string): void {
    const { time, listeners, faults, history, random } = this.#world;
    if (payload === '') return;
    for (const { process, onNotify } of listeners) {
      const lost = faults.strikeHint();
      if (lost === undefined) time.in(random.between(0.2, 2), () => process.receive(() => onNotify(payload)));
      else {
        const fromMs = time.nowMs();
        history.faults.push({ kind: 'hint-lost', whom: process.name, fromMs, untilMs: fromMs });
      }
    }
  }

  #answer(call: PendingCall, result: StatementResult): void {
    this.#release(call);
    if (call.isOver) return;
    this.#end(call, 'rows' in result ? 'rows' : isAway(result.error) ? 'away' : 'refused');
    if ('error' in result) call.reject(result.error);
    else {
      if (CLAIMS.has(call.statement)) this.#noteClaims(call.log, result.rows);
      call.resolve(result.rows);
    }
  }

  #end(call: PendingCall, answer: NonNullable<Call['answer']>): void {
    call.isOver = true;
    call.cancelDeadline();
    call.log.answeredMs = this.#world.time.nowMs();
    call.log.answer = answer;
  }

  #noteClaims({ askedMs }: Call, rows: readonly Row[]): void {
    const { history, time } = this.#world;
    for (const row of rows) {
      history.receivedClaims.push({
        scheduler: this.#process.name,
        seq: Number(row['seq']),
        attempt: Number(row['attempt']),
        askedMs,
        receivedLocalMs: this.#process.clock.monotonicMs(),
        receivedMs: time.nowMs(),
      });
    }
  }

  #release(call: PendingCall): void {
    if (!call.hasConnection) return;
    call.hasConnection = false;
    this.#inUse[call.role] -= 1;
    this.#serve();
  }

  /** The caller hears of it at once; the server is asked to cancel, and does so if it hears of that in time. */
  #overrun(call: PendingCall): void {
    this.#end(call, 'away');
    this.#waiting = this.#waiting.filter((waiting) => waiting !== call);
    const { askToCancel } = call;
    if (askToCancel !== undefined && this.#world.random.chance(0.7)) this.#world.time.in(1, askToCancel);
    this.#process.clock.timer(CANCEL_MS, () => this.#release(call));
    call.reject(unavailable(`the database did not answer within ${DEADLINE_MS} ms`));
  }
}

function isAway(error: Error): boolean {
  return error instanceof DatabaseUnavailableError;
}

function unavailable(message: string): DatabaseUnavailableError {
  return new DatabaseUnavailableError(message);
}
