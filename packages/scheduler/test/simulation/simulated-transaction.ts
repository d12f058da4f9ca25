import { DatabaseUnavailableError, type Database } from '@dispatchr/store';
import type { Armed } from './armed-faults.ts';
import type { Row } from './database/row.ts';
import type { FaultKind } from './fault-kinds.ts';
import type { Call } from './history.ts';
import type { SimulatedTransaction, StatementResult } from './simulated-database.ts';
import type { SimulatedProcess } from './simulated-process.ts';
import type { World } from './world.ts';

type Work<T> = (transaction: Parameters<Parameters<Database['transaction']>[1]>[0]) => Promise<T>;

/** How long a step of a transaction may take, in milliseconds. */
const DEADLINE_MS = 10_000;

/** Faults by which the connection is lost before the step is done, and with it all that came before. */
const LOST_BEFORE: ReadonlySet<FaultKind | undefined> = new Set(['call-lost', 'call-late', 'answer-late']);

/** Faults by which it is lost once the step is done. */
const LOST_AFTER: ReadonlySet<FaultKind | undefined> = new Set(['answer-lost', 'cut-in-commit']);

/** Runs `work` in one transaction, on a connection of its own that can break at each step. */
export async function runTransaction<T>(world: World, process: SimulatedProcess, work: Work<T>): Promise<T> {
  const client = { id: process.name, epochMs: process.clock.epochMs() };
  const transaction = world.database.begin(client);
  process.onEnd(() => world.database.rollBack(transaction));
  const steps = new Steps(world, process, transaction);
  try {
    const result = await work({ query: ({ name }, values) => steps.execute(name, values) });
    await steps.commit();
    return result;
  } catch (error) {
    world.database.rollBack(transaction);
    throw error;
  }
}

/** The way to the database and back, step by step. */
class Steps {
  readonly #world: World;
  readonly #process: SimulatedProcess;
  readonly #transaction: SimulatedTransaction;

  constructor(world: World, process: SimulatedProcess, transaction: SimulatedTransaction) {
    this.#world = world;
    this.#process = process;
    this.#transaction = transaction;
  }

  execute(statement: string, values: readonly unknown[]): Promise<Row[]> {
    const { database } = this.#world;
    const client = { id: this.#process.name, epochMs: this.#process.clock.epochMs() };
    return this.#step(statement, (onEnd) =>
      database.execute({ statement, values, client, transaction: this.#transaction }, onEnd),
    );
  }

  async commit(): Promise<void> {
    const { database, time } = this.#world;
    await this.#step('commit', (onEnd) => {
      time.in(1, () =>
        onEnd(database.commit(this.#transaction) ? { rows: [] } : { error: connectionLost() }),
      );
    });
  }

  #step(statement: string, run: (onEnd: (result: StatementResult) => void) => void): Promise<Row[]> {
    const { time, faults, history, random, database } = this.#world;
    return new Promise((resolve, reject) => {
      const fault = faults.strikeCall(this.#process.name, statement);
      const log = this.#begin(statement, fault);
      const end = (result: StatementResult): void => {
        if (log.answer !== undefined) return;
        cancelDeadline();
        log.answeredMs = time.nowMs();
        log.answer = 'rows' in result ? 'rows' : 'away';
        if ('rows' in result) resolve(result.rows);
        else reject(result.error);
      };
      const cancelDeadline = this.#process.clock.timer(DEADLINE_MS, () => end({ error: connectionLost() }));
      history.calls.push(log);
      if (LOST_BEFORE.has(fault?.kind)) {
        database.rollBack(this.#transaction);
        time.in(random.between(1, 30), () => end({ error: connectionLost() }));
        return;
      }
      const answer = (result: StatementResult): void =>
        void time.in(random.between(0.2, 2), () =>
          this.#process.receive(() =>
            end(LOST_AFTER.has(fault?.kind) ? { error: connectionLost() } : result),
          ),
        );
      time.in(this.#delayMs(fault), () => {
        if (database.health.away === 'silent') return;
        if (database.health.away === 'refusing') answer({ error: connectionLost() });
        else if (fault?.kind === 'call-refused') answer({ error: new Error('a statement failed') });
        else run(answer);
      });
    });
  }

  #begin(statement: string, fault: Armed | undefined): Call {
    const { time, history } = this.#world;
    const askedMs = time.nowMs();
    const process = this.#process.name;
    if (fault !== undefined)
      history.faults.push({
        kind: fault.kind,
        whom: process,
        fromMs: askedMs,
        untilMs: askedMs + DEADLINE_MS,
      });
    return { process, statement, askedMs, answeredMs: undefined, answer: undefined };
  }

  #delayMs(fault: Armed | undefined): number {
    if (fault?.kind === 'call-slow') return DEADLINE_MS * fault.random.between(0.1, 0.9);
    return this.#world.random.between(0.2, 2);
  }
}

function connectionLost(): DatabaseUnavailableError {
  return new DatabaseUnavailableError('connection reset');
}
