import { ALL_UNFINISHED, type LockKey } from './statement-run.ts';

/** Who has locks: a statement, a transaction of several, or somebody who is no part of the program. */
export type Holder = object;

/** Locks on rows, and the one on the whole table of unfinished tasks. */
export class Locks {
  readonly #holders = new Map<LockKey, Holder>();
  readonly #writersOfTasks = new Set<Holder>();

  has(key: LockKey): boolean {
    return this.#holders.has(key);
  }

  /** Whether `holder` has to wait for the lock. */
  isTaken(key: LockKey, holder: Holder): boolean {
    const others = this.#holders.get(key);
    if (others !== undefined) return others !== holder;
    return key === ALL_UNFINISHED && this.#writersOfTasks.size > 0;
  }

  take(keys: readonly LockKey[], holder: Holder): void {
    for (const key of keys) if (!this.#holders.has(key)) this.#holders.set(key, holder);
  }

  /** Hands locks over. */
  pass(keys: readonly LockKey[], holder: Holder): void {
    for (const key of keys) this.#holders.set(key, holder);
  }

  release(keys: readonly LockKey[], holder: Holder): void {
    for (const key of keys) if (this.#holders.get(key) === holder) this.#holders.delete(key);
    this.#writersOfTasks.delete(holder);
  }

  /** Shares the lock on the table of unfinished tasks, which nobody has alone. */
  shareTasks(holder: Holder): void {
    this.#writersOfTasks.add(holder);
  }

  keysOf(holder: Holder): LockKey[] {
    return [...this.#holders].filter(([, other]) => other === holder).map(([key]) => key);
  }
}
