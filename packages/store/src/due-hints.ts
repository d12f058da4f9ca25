import type { Database } from './database/database.ts';
import type { AfterInput } from './group-commit.ts';
import { announceDueTasks, DUE_CHANNEL } from './statements/announce-due-tasks.ts';

/**
 * Tells schedulers that something is due: those of this process at once, those elsewhere by a notification after the
 * commit (inside the transaction of a submit it would make commits wait for each other).
 * Notifications are coalesced: all announcements of one turn of the event loop make one, and any number while that is
 * under way make one more.
 * A lost hint costs a poll interval, nothing else.
 */
export class DueHints {
  readonly #database: Database;
  /** Marks our own notifications, which have no news for us. */
  readonly #origin: string;
  readonly #afterInput: AfterInput;
  readonly #wakers = new Set<() => void>();
  #sending = false;
  #again = false;

  constructor(database: Database, { origin, afterInput }: { origin: string; afterInput: AfterInput }) {
    this.#database = database;
    this.#origin = origin;
    this.#afterInput = afterInput;
  }

  /** Says that something became due, or will within moments. */
  announce(): void {
    for (const wake of this.#wakers) wake();
    if (this.#database.kind === 'embedded') return;
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    this.#afterInput(() => void this.#send());
  }

  /** Calls `wake` for each hint until the returned function is called. */
  async subscribe(wake: () => void): Promise<() => Promise<void>> {
    this.#wakers.add(wake);
    const unlisten = await this.#database.listen(DUE_CHANNEL, (origin) => {
      if (origin !== this.#origin) wake();
    });
    return () => {
      this.#wakers.delete(wake);
      return unlisten();
    };
  }

  async #send(): Promise<void> {
    while (this.#again) {
      this.#again = false;
      // Polling finds what a failed hint would have told.
      await announceDueTasks(this.#database, { origin: this.#origin }).catch(() => undefined);
    }
    this.#sending = false;
  }
}
