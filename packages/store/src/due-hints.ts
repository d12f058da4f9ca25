import type { Database } from './database/database.ts';
import type { Timer } from './database/postgres-connection.ts';
import type { AfterInput } from './group-commit.ts';
import { announceDueTasks, DUE_CHANNEL } from './statements/announce-due-tasks.ts';

/** Options of {@link DueHints}. */
export interface HintOptions {
  /** A name that no other process has: it marks our own notifications, which have no news for us. */
  readonly origin: string;
  readonly afterInput: AfterInput;
  readonly timer: Timer;
}

/**
 * Milliseconds between two notifications. The first of a burst goes at once; for the rest a scheduler is at work already,
 * and one after each commit was a tenth of what a submit costs.
 */
const INTERVAL_MS = 5;

/**
 * Tells schedulers that something is due: those of this process at once, those elsewhere by a notification after the
 * commit (inside the transaction of a submit it would make commits wait for each other).
 * Notifications are coalesced: all announcements of one turn of the event loop make one, and any number in the interval
 * after it make one more.
 * A lost hint costs a poll interval, nothing else.
 */
export class DueHints {
  readonly #database: Database;
  readonly #options: HintOptions;
  readonly #wakers = new Set<() => void>();
  #sending = false;
  #again = false;

  constructor(database: Database, options: HintOptions) {
    this.#database = database;
    this.#options = options;
  }

  /** Says that something became due, or will within moments. */
  announce(): void {
    for (const wake of this.#wakers) wake();
    if (this.#database.kind === 'embedded') return;
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    this.#options.afterInput(() => void this.#send());
  }

  /** Calls `wake` for each hint until the returned function is called. */
  async subscribe(wake: () => void): Promise<() => Promise<void>> {
    this.#wakers.add(wake);
    const unlisten = await this.#database.listen(DUE_CHANNEL, (origin) => {
      if (origin !== this.#options.origin) wake();
    });
    return () => {
      this.#wakers.delete(wake);
      return unlisten();
    };
  }

  /** Schedulers of this process are awake already: the notification then comes after the interval, out of their way. */
  async #send(): Promise<void> {
    const { origin, timer } = this.#options;
    const interval = () => new Promise<void>((resolve) => void timer(INTERVAL_MS, resolve));
    while (this.#again) {
      const isFirstHere = this.#wakers.size > 0;
      if (isFirstHere) await interval();
      this.#again = false;
      // Polling finds what a failed hint would have told.
      await announceDueTasks(this.#database, { origin }).catch(() => undefined);
      if (!isFirstHere) await interval();
    }
    this.#sending = false;
  }
}
