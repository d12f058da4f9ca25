import { DatabaseUnavailableError } from '@dispatchr/store';
import { Locks, type Holder } from './database/locks.ts';
import { STATEMENTS, WRITES_TASKS } from './database/statements.ts';
import { RULES, type Client, type Rules } from './database/rules.ts';
import type { Row } from './database/row.ts';
import {
  ALL_UNFINISHED,
  type LockKey,
  type StatementContext,
  type StatementRun,
  type StatementWrite,
} from './database/statement-run.ts';
import { Tables } from './database/tables.ts';
import { createTriggers, type Occasion } from './database/triggers.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What came of a statement. */
export type StatementResult = { readonly rows: Row[] } | { readonly error: Error };

/** A statement as it comes in. */
export interface Asked {
  readonly statement: string;
  readonly values: readonly unknown[];
  readonly client: Client;
  /** The transaction that it is of; one of its own when absent. */
  readonly transaction?: SimulatedTransaction | undefined;
}

/** A statement under way: it holds its locks until it ends, or until its transaction does. */
interface Execution extends Asked {
  readonly holder: Holder;
  readonly context: StatementContext;
  readonly occasion: Occasion;
  readonly tookMs: number;
  readonly onEnd: (result: StatementResult) => void;
  run: StatementRun | undefined;
  locked: readonly LockKey[];
  isWaiting: boolean;
  ended: boolean;
}

/** Several statements with one commit. */
export interface SimulatedTransaction {
  readonly occasion: Occasion;
  readonly writes: (() => void)[];
  /** Milliseconds after which a wait for a lock fails. */
  lockTimeoutMs: number;
  isOver: boolean;
}

/** How the database is at the moment. */
export interface DatabaseHealth {
  /** Refuses connections, or lets callers wait for ever. */
  away: 'refusing' | 'silent' | undefined;
  readOnly: boolean;
  /** How many times as long as usual a statement takes. */
  slowness: number;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);
const SOMEBODY_ELSE: Holder = {};

/** PostgreSQL with the tables of Dispatchr, in memory and in virtual time. */
export class SimulatedDatabase {
  readonly tables = new Tables();
  readonly health: DatabaseHealth = { away: undefined, readOnly: false, slowness: 1 };
  /** Tasks whose settle fails, whoever tries. */
  readonly unsettleable = new Set<number>();
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #rules: Rules;
  readonly #triggers: ReturnType<typeof createTriggers>;
  readonly #locks = new Locks();
  readonly #underWay = new Set<Execution>();
  readonly #transactions = new Set<SimulatedTransaction>();
  #waiting: Execution[] = [];
  #aheadMs = 0;

  constructor(time: VirtualTime, random: Random, history: History, rules: Partial<Rules> = {}) {
    this.#time = time;
    this.#random = random;
    this.#rules = { ...RULES, ...rules };
    this.#triggers = createTriggers(this.tables, history, () => ({ atMs: time.nowMs(), dbMs: this.nowMs() }));
  }

  /** Milliseconds since 1970 by the clock of the database. */
  nowMs(): number {
    return EPOCH_MS + this.#aheadMs + this.#time.nowMs();
  }

  jumpClock(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Runs a statement; `onEnd` is called at its commit or its failure, and the returned function asks to cancel it. */
  execute(asked: Asked, onEnd: (result: StatementResult) => void): () => void {
    const { client, transaction } = asked;
    const occasion = transaction?.occasion ?? this.#occasionOf(client);
    const execution: Execution = {
      ...asked,
      holder: transaction ?? {},
      context: this.#contextOf(client, occasion),
      occasion,
      tookMs: this.#random.between(0.5, 6) * this.health.slowness,
      onEnd,
      run: undefined,
      locked: [],
      isWaiting: false,
      ended: false,
    };
    this.#underWay.add(execution);
    if (transaction?.isOver === true) this.#fail(execution, away('the connection was closed'));
    else this.#begin(execution);
    return () => this.#fail(execution, away('canceling statement due to user request'));
  }

  /** Begins a transaction. */
  begin(client: Client): SimulatedTransaction {
    const occasion = this.#occasionOf(client);
    const transaction = { occasion, writes: [], lockTimeoutMs: Infinity, isOver: false };
    this.#transactions.add(transaction);
    return transaction;
  }

  /** Writes everything that the statements of a transaction did; false when the transaction is gone. */
  commit(transaction: SimulatedTransaction): boolean {
    if (transaction.isOver || this.health.readOnly) return false;
    this.#triggers.nextCommit();
    for (const write of transaction.writes) write();
    this.rollBack(transaction);
    return true;
  }

  /** Ends a transaction without a trace. */
  rollBack(transaction: SimulatedTransaction): void {
    if (transaction.isOver) return;
    transaction.isOver = true;
    this.#transactions.delete(transaction);
    for (const execution of this.#underWay)
      if (execution.transaction === transaction) this.#fail(execution, away('the connection was closed'));
    this.#locks.release(this.#locks.keysOf(transaction), transaction);
    this.#wake();
  }

  /** Ends every statement under way without a commit. */
  terminateConnections(): void {
    for (const execution of this.#underWay) this.#fail(execution, away('terminating connection'));
    for (const transaction of this.#transactions) this.rollBack(transaction);
  }

  /** A transaction of somebody else locks some rows for so long. */
  holdRows(seqs: readonly number[], ms: number): void {
    const free = seqs.filter((seq) => !this.#locks.has(seq));
    this.#locks.take(free, SOMEBODY_ELSE);
    this.#time.in(ms, () => this.#releaseHeld(free));
  }

  /** Everything is as it should be, but for rows that cannot be settled yet. */
  heal(): void {
    Object.assign(this.health, { away: undefined, readOnly: false, slowness: 1 });
    this.#releaseHeld(this.#locks.keysOf(SOMEBODY_ELSE));
  }

  #releaseHeld(keys: readonly LockKey[]): void {
    this.#locks.release(keys, SOMEBODY_ELSE);
    this.#wake();
  }

  #occasionOf(client: Client): Occasion {
    return { client, nowDbMs: this.nowMs(), begunMs: this.#time.nowMs() };
  }

  #contextOf(client: Client, occasion: Occasion): StatementContext {
    return {
      tables: this.tables,
      rules: this.#rules,
      client,
      nowMs: occasion.nowDbMs,
      isLocked: (key) => this.#locks.has(key),
      log: (event, task, before) => this.#triggers.log(occasion, event, task, before),
      ...this.#triggers.ofFlowControl,
    };
  }

  /** Who writes tasks waits while somebody has their table alone, or waits for that, and sees what is committed then. */
  #begin(execution: Execution): void {
    const { statement, values, context, holder, occasion, ended } = execution;
    if (ended) return;
    if (WRITES_TASKS.has(statement)) {
      if (this.#isTableWanted()) return this.#wait(execution);
      this.#locks.shareTasks(holder);
      occasion.begunMs = this.#time.nowMs();
    }
    try {
      const begin = STATEMENTS[statement];
      if (begin === undefined) throw new Error(`expected a known statement, got ${statement}`);
      if (statement === 'settle-attempts') this.#refuseUnsettleable(values);
      execution.run = begin(context, values);
      if ('write' in execution.run && this.health.readOnly) throw away('cannot execute in read-only mode');
    } catch (error) {
      this.#fail(execution, error as Error);
      return;
    }
    this.#lockOrWait(execution);
  }

  #isTableWanted(): boolean {
    return (
      this.#locks.has(ALL_UNFINISHED) ||
      this.#waiting.some(({ statement, ended }) => statement === 'lock-unfinished-tasks' && !ended)
    );
  }

  #refuseUnsettleable(values: readonly unknown[]): void {
    const seqs = String(values[0]).slice(1, -1).split(',');
    if (seqs.some((seq) => this.unsettleable.has(Number(seq)))) throw new Error('value out of range');
  }

  #lockOrWait(execution: Execution): void {
    const { holder, statement, tookMs, run, ended } = execution;
    if (ended) return;
    if (run !== undefined && 'write' in run) {
      const wanted = run.locks ? run.found.filter((key) => run.stillMatches(key)) : [];
      if (wanted.some((key) => this.#locks.isTaken(key, holder))) return this.#wait(execution);
      this.#locks.take(wanted, holder);
      const passedBy = run.passingBy?.() ?? [];
      this.#locks.take(passedBy, holder);
      execution.locked = [...wanted, ...passedBy];
      if (this.#rules.answersBeforeCommit && statement === 'record-tasks') {
        this.#commitLate(execution, run);
        return;
      }
    }
    this.#time.in(tookMs, () => this.#commit(execution));
  }

  #wait(execution: Execution): void {
    this.#waiting.push(execution);
    if (execution.isWaiting) return;
    execution.isWaiting = true;
    const waitMs = execution.transaction?.lockTimeoutMs ?? Infinity;
    if (waitMs === Infinity) return;
    this.#time.in(waitMs, () => {
      if (execution.isWaiting) this.#fail(execution, lockNotAvailable());
    });
  }

  #wake(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting.filter(({ ended }) => !ended);
    this.#waiting = [];
    for (const execution of waiting) {
      if (execution.run === undefined) this.#begin(execution);
      else this.#lockOrWait(execution);
    }
    for (const execution of waiting) execution.isWaiting = this.#waiting.includes(execution);
  }

  #commit(execution: Execution): void {
    const { run, onEnd, transaction, ended, statement, values } = execution;
    if (ended || run === undefined) return;
    const rows = 'rows' in run ? run.rows : this.#write(execution, run);
    if (transaction !== undefined && statement === 'limit-wait-for-locks')
      transaction.lockTimeoutMs = Number.parseInt(values[0] as string, 10);
    this.#end(execution);
    onEnd({ rows });
  }

  #write({ transaction, locked }: Execution, run: StatementWrite): Row[] {
    const keys = run.locks ? locked : run.found;
    if (transaction === undefined) {
      this.#triggers.nextCommit();
      return run.write(keys);
    }
    const rows = run.answer?.() ?? [];
    transaction.writes.push(() => void run.write(keys));
    return rows;
  }

  /** A mutant: what is answered is not durable yet. */
  #commitLate(execution: Execution, run: StatementWrite): void {
    const rows = run.found.map((key) => ({
      seq: 0,
      id: String(key).slice('id '.length),
      created_at: new Date(this.nowMs()),
      due_at: new Date(this.nowMs()),
    }));
    execution.onEnd({ rows });
    const holder = {};
    const silent: Execution = { ...execution, holder, onEnd: () => {} };
    this.#underWay.delete(execution);
    this.#underWay.add(silent);
    this.#locks.pass(execution.locked, holder);
    this.#locks.release([], execution.holder);
    this.#time.in(execution.tookMs + 20, () => this.#commit(silent));
  }

  #fail(execution: Execution, error: Error): void {
    if (execution.ended) return;
    this.#end(execution);
    if (execution.transaction !== undefined) this.rollBack(execution.transaction);
    execution.onEnd({ error });
  }

  #end(execution: Execution): void {
    execution.ended = true;
    this.#underWay.delete(execution);
    if (execution.transaction === undefined) this.#locks.release(execution.locked, execution.holder);
    this.#wake();
  }
}

function away(message: string): DatabaseUnavailableError {
  return new DatabaseUnavailableError(message);
}

function lockNotAvailable(): DatabaseUnavailableError {
  const cause = Object.assign(new Error('canceling statement due to lock timeout'), { code: '55P03' });
  return new DatabaseUnavailableError('the database does not answer (55P03)', { cause });
}
