import { isDatabaseAway } from '../contact.ts';
import type { Logger } from '../logger.ts';
import type { HeldEntry, HeldSet } from './held-set.ts';

/** Something about a target that the database is yet to be told. */
export interface PendingWrite {
  /** A later one of the same name takes its place. */
  readonly name: string;
  /** What is held here meanwhile. */
  readonly entry?: HeldEntry;
  readonly write: () => Promise<unknown>;
}

/** What attempts brought to light, kept until the database knows it. */
export class PendingWrites {
  readonly #held: HeldSet;
  readonly #logger: Logger;
  readonly #byName = new Map<string, PendingWrite>();
  /** Written, and to be dropped after the next look. */
  readonly #written: HeldEntry[] = [];
  #flushed: Promise<void> = Promise.resolve();

  constructor(held: HeldSet, logger: Logger) {
    this.#held = held;
    this.#logger = logger;
  }

  add(write: PendingWrite): void {
    this.#byName.set(write.name, write);
    if (write.entry) this.#held.add(write.entry);
  }

  /** Tells the database, one after the other; rejects while it is away, and keeps what was not told. */
  flush(): Promise<void> {
    const flushed = this.#flushed.catch(() => undefined).then(() => this.#flush());
    this.#flushed = flushed;
    return flushed;
  }

  /** To be called before a look; what it returns drops, after the look, what that look must have seen. */
  looking(): () => void {
    const seen = this.#written.length;
    return () => {
      for (const entry of this.#written.splice(0, seen)) this.#held.drop(entry);
    };
  }

  async #flush(): Promise<void> {
    for (const pending of this.#byName.values()) {
      try {
        await pending.write();
      } catch (err) {
        if (isDatabaseAway(err)) throw err;
        this.#logger.error({ err, write: pending.name }, 'a change of a target was refused');
      }
      if (this.#byName.get(pending.name) === pending) this.#byName.delete(pending.name);
      if (pending.entry) this.#written.push(pending.entry);
    }
  }
}
