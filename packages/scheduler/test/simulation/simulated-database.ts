import { DatabaseUnavailableError } from '@dispatchr/store';
import { STATEMENTS } from './database/statements.ts';
import { RULES, type Client, type Rules } from './database/rules.ts';
import type {
  LockKey,
  LoggedEvent,
  Row,
  StatementContext,
  StatementRun,
  StatementWrite,
} from './database/statement-run.ts';
import { Tables, type TaskRow } from './database/tables.ts';
import type { History } from './history.ts';
import type { Random } from './random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What came of a statement. */
export type StatementResult = { readonly rows: Row[] } | { readonly error: Error };

/** A statement under way: it holds its locks until it ends. */
interface Execution {
  readonly run: StatementRun;
  readonly context: StatementContext;
  readonly statement: string;
  readonly tookMs: number;
  readonly onEnd: (result: StatementResult) => void;
  locked: readonly LockKey[];
  ended: boolean;
}

/** How the database is at the moment. */
export interface DatabaseHealth {
  /** Refuses connections, or lets callers wait for ever. */
  away: 'refusing' | 'silent' | undefined;
  readOnly: boolean;
  /** How many times as long a statement takes. */
  slowness: number;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);

/** PostgreSQL with the tables of Dispatchr, in memory and in virtual time. */
export class SimulatedDatabase {
  readonly tables = new Tables();
  readonly health: DatabaseHealth = { away: undefined, readOnly: false, slowness: 1 };
  /** Tasks whose settle fails, whoever tries. */
  readonly unsettleable = new Set<number>();
  readonly #time: VirtualTime;
  readonly #random: Random;
  readonly #history: History;
  readonly #rules: Rules;
  readonly #locks = new Map<LockKey, Execution | 'a transaction elsewhere'>();
  readonly #underWay = new Set<Execution>();
  #waiting: Execution[] = [];
  #aheadMs = 0;

  constructor(time: VirtualTime, random: Random, history: History, rules: Partial<Rules> = {}) {
    this.#time = time;
    this.#random = random;
    this.#history = history;
    this.#rules = { ...RULES, ...rules };
  }

  /** Milliseconds since 1970 by the clock of the database. */
  nowMs(): number {
    return EPOCH_MS + this.#aheadMs + this.#time.nowMs();
  }

  jumpClock(ms: number): void {
    this.#aheadMs += ms;
  }

  /** Runs a statement; `onEnd` is called at its commit or its failure, and the returned function asks to cancel it. */
  execute(
    { statement, values, client }: { statement: string; values: readonly unknown[]; client: Client },
    onEnd: (result: StatementResult) => void,
  ): () => void {
    const context = this.#contextFor(client);
    const begun = this.#begin(statement, values, context);
    if ('error' in begun) {
      onEnd(begun);
      return () => {};
    }
    const tookMs = this.#random.between(0.5, 6) * this.health.slowness;
    const execution: Execution = {
      run: begun.run,
      context,
      statement,
      tookMs,
      onEnd,
      locked: [],
      ended: false,
    };
    this.#underWay.add(execution);
    if ('rows' in begun.run) this.#time.in(tookMs, () => this.#commit(execution));
    else this.#lockOrWait(execution, begun.run);
    return () => this.#fail(execution, away('canceling statement due to user request'));
  }

  /** Ends every statement under way without a commit. */
  terminateConnections(): void {
    for (const execution of this.#underWay) this.#fail(execution, away('terminating connection'));
  }

  /** A transaction of somebody else locks some rows for so long. */
  holdRows(seqs: readonly number[], ms: number): void {
    const free = seqs.filter((seq) => !this.#locks.has(seq));
    for (const seq of free) this.#locks.set(seq, 'a transaction elsewhere');
    this.#time.in(ms, () => this.#unlockHeld(free));
  }

  /** Everything is as it should be, but for rows that cannot be settled yet. */
  heal(): void {
    Object.assign(this.health, { away: undefined, readOnly: false, slowness: 1 });
    this.#unlockHeld([...this.#locks.keys()]);
  }

  #unlockHeld(keys: readonly LockKey[]): void {
    this.#unlock(keys.filter((key) => this.#locks.get(key) === 'a transaction elsewhere'));
  }

  #contextFor(client: Client): StatementContext {
    const nowMs = this.nowMs();
    return {
      tables: this.tables,
      rules: this.#rules,
      client,
      nowMs,
      isLocked: (key) => this.#locks.has(key),
      log: (event, task, before) => this.#log(event, task, before, client, nowMs),
    };
  }

  #begin(
    statement: string,
    values: readonly unknown[],
    context: StatementContext,
  ): { error: Error } | { run: StatementRun } {
    const begin = STATEMENTS[statement];
    if (begin === undefined) return { error: new Error(`expected a known statement, got ${statement}`) };
    try {
      if (statement === 'settle-attempts') this.#refuseUnsettleable(values);
      const run = begin(context, values);
      if ('write' in run && this.health.readOnly) return { error: away('cannot execute in read-only mode') };
      return { run };
    } catch (error) {
      return { error: error as Error };
    }
  }

  #refuseUnsettleable(values: readonly unknown[]): void {
    const seqs = String(values[0]).slice(1, -1).split(',');
    if (seqs.some((seq) => this.unsettleable.has(Number(seq)))) throw new Error('value out of range');
  }

  #lockOrWait(execution: Execution, run: StatementWrite): void {
    const wanted = run.locks ? run.found.filter((key) => run.stillMatches(key)) : [];
    if (wanted.some((key) => this.#locks.has(key))) {
      this.#waiting.push(execution);
      return;
    }
    for (const key of wanted) this.#locks.set(key, execution);
    execution.locked = wanted;
    if (this.#rules.answersBeforeCommit && execution.statement === 'record-tasks')
      this.#commitLate(execution);
    else this.#time.in(execution.tookMs, () => this.#commit(execution));
  }

  #commit(execution: Execution): void {
    if (execution.ended) return;
    const { run, onEnd } = execution;
    const keys = 'write' in run && !run.locks ? run.found : execution.locked;
    const rows = 'rows' in run ? run.rows : run.write(keys);
    this.#end(execution);
    onEnd({ rows });
  }

  /** A mutant: what is answered is not durable yet. */
  #commitLate(execution: Execution): void {
    const ids = execution.run as StatementWrite;
    const rows = ids.found.map((key) => ({
      seq: 0,
      id: String(key).slice('id '.length),
      created_at: new Date(this.nowMs()),
      due_at: new Date(this.nowMs()),
    }));
    execution.onEnd({ rows });
    const silent: Execution = { ...execution, onEnd: () => {} };
    this.#underWay.delete(execution);
    this.#underWay.add(silent);
    for (const key of execution.locked) this.#locks.set(key, silent);
    this.#time.in(execution.tookMs + 20, () => this.#commit(silent));
  }

  #fail(execution: Execution, error: Error): void {
    if (execution.ended) return;
    this.#end(execution);
    execution.onEnd({ error });
  }

  #end(execution: Execution): void {
    execution.ended = true;
    this.#underWay.delete(execution);
    this.#unlock(execution.locked);
  }

  #unlock(keys: readonly LockKey[]): void {
    for (const key of keys) this.#locks.delete(key);
    if (keys.length === 0 || this.#waiting.length === 0) return;
    const waiting = this.#waiting.filter(({ ended }) => !ended);
    this.#waiting = [];
    for (const execution of waiting) this.#lockOrWait(execution, execution.run as StatementWrite);
  }

  #log(
    event: LoggedEvent,
    task: TaskRow,
    before: TaskRow['unfinished'] | TaskRow['finished'],
    client: Client,
    nowDbMs: number,
  ): void {
    const after = task.unfinished ?? task.finished;
    const row = after ?? before!;
    const leased = before !== undefined && 'lease' in before ? before : undefined;
    this.#history.transitions.push({
      atMs: this.#time.nowMs(),
      nowDbMs,
      committedDbMs: this.nowMs(),
      seq: task.seq,
      id: task.id,
      event,
      from: before?.state ?? null,
      to: after?.state ?? null,
      reason: task.finished?.reason ?? null,
      by: client.id,
      scheduler: leased?.scheduler ?? null,
      leaseBefore: leased?.lease ?? null,
      attempt: row.attempt,
      attemptsUsed: row.attemptsUsed,
      dueDbMs: row.dueAt,
      expiresDbMs: task.unfinished?.expiresAt ?? leased?.expiresAt ?? null,
      cancelRequestedDbMs: row.cancelRequestedAt,
      lease: task.unfinished?.lease ?? null,
      fingerprint: task.fingerprint,
    });
  }
}

function away(message: string): DatabaseUnavailableError {
  return new DatabaseUnavailableError(message);
}
