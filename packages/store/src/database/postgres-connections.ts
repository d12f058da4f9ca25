import { DatabaseUnavailableError } from './database.ts';
import { type ConnectionSettings, PostgresConnection } from './postgres-connection.ts';
import { toStoreError } from './unavailable.ts';

/** One use of a connection: it waits for its turn, and is then under way. */
interface Call {
  /** Never rejects: the caller has the result. */
  readonly start: (connection: PostgresConnection) => Promise<void>;
  readonly reject: (error: unknown) => void;
  readonly cancelDeadline: () => void;
  connection?: PostgresConnection;
  done?: Promise<void>;
}

/** Milliseconds that a server gets to cancel a call that is over its deadline, before the connection is cut. */
const CANCEL_MS = 1000;

/** Milliseconds after which a connection is renewed, and with it plans that were made for other sizes of the tables. */
const LIFETIME_MS = 300_000;

/**
 * Connections of one role, each for one call at a time; more calls wait their turn.
 * The deadline of a call counts from when it was asked for. Past it the server is asked to cancel, so that no backend
 * is left behind, and a connection that does not answer even to that is cut; no other call is disturbed.
 */
export class PostgresConnections {
  readonly #settings: ConnectionSettings;
  readonly #max: number;
  readonly #idle: PostgresConnection[] = [];
  readonly #underWay = new Set<Call>();
  #waiting: Call[] = [];
  #open = 0;
  #isClosed = false;

  constructor(settings: ConnectionSettings, max: number) {
    this.#settings = settings;
    this.#max = max;
  }

  /** Runs `work` on a connection of its own; throws DatabaseUnavailableError when that is not done by the deadline. */
  run<T>(work: (connection: PostgresConnection) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const call: Call = {
        start: (connection) =>
          work(connection).then(resolve, (error: unknown) => reject(toStoreError(error))),
        reject,
        cancelDeadline: this.#settings.timer(this.#settings.timeoutMs, () => this.#overrun(call)),
      };
      this.#waiting.push(call);
      this.#serve();
    });
  }

  /** Refuses what waits, lets what is under way end, which its deadline bounds, and ends the connections. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#serve();
    for (const { done } of this.#underWay) await done;
    await Promise.all(this.#idle.splice(0).map((connection) => connection.close()));
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      const connection = this.#isClosed ? undefined : this.#take();
      if (connection === undefined && !this.#isClosed) return;
      const call = this.#waiting.shift();
      if (call && connection) this.#begin(call, connection);
      else if (call) this.#refuse(call);
    }
  }

  #begin(call: Call, connection: PostgresConnection): void {
    call.connection = connection;
    this.#underWay.add(call);
    call.done = call.start(connection).finally(() => {
      call.cancelDeadline();
      this.#underWay.delete(call);
      this.#release(connection);
    });
  }

  #refuse(call: Call): void {
    call.cancelDeadline();
    call.reject(new DatabaseUnavailableError('the database is closed'));
  }

  #take(): PostgresConnection | undefined {
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      if (idle.isUsable) return idle;
      this.#discard(idle);
    }
    if (this.#open === this.#max) return undefined;
    this.#open += 1;
    return new PostgresConnection(this.#settings, { lifetimeMs: LIFETIME_MS });
  }

  #release(connection: PostgresConnection): void {
    if (connection.isUsable) this.#idle.push(connection);
    else this.#discard(connection);
    this.#serve();
  }

  #discard(connection: PostgresConnection): void {
    this.#open -= 1;
    connection.destroy();
  }

  #overrun(call: Call): void {
    const { timeoutMs, timer } = this.#settings;
    call.reject(new DatabaseUnavailableError(`the database did not answer within ${timeoutMs} ms`));
    const { connection } = call;
    if (connection === undefined) {
      this.#waiting = this.#waiting.filter((waiting) => waiting !== call);
      return;
    }
    // Not used again: the request to cancel may arrive late and would hit the next call.
    connection.retire();
    connection.requestCancel();
    const cancelCut = timer(CANCEL_MS, () => connection.destroy());
    void call.done?.finally(cancelCut);
  }
}
