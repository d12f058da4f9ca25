import { returnAllowance } from '@dispatchr/lifecycle';
import type { ClaimedTask, HeldState, HeldTarget } from '@dispatchr/store';

/** An origin or a URL that is not delivered to as usual, on this process's clock. */
export interface HeldEntry {
  readonly key: string;
  readonly origin: string;
  readonly state: HeldState;
  /** On the monotonic clock; never before the instant that the database has. */
  readonly untilMs: number;
  readonly sinceMs: number;
}

/** What this process knows of held targets: as of the last look at the database, and of its own attempts since. */
export class HeldSet {
  #looked = new Map<string, HeldEntry>();
  readonly #own = new Map<string, HeldEntry>();

  /** Takes over what a look found; `nowMs` is not before its answer, so that nothing is let go too early. */
  replace(targets: readonly HeldTarget[], nowMs: number): void {
    const entries = targets.map(({ key, origin, state, untilInMs, sinceMs }): HeldEntry => ({
      key,
      origin,
      state,
      untilMs: nowMs + untilInMs,
      sinceMs: nowMs - sinceMs,
    }));
    this.#looked = new Map(entries.map((entry) => [entry.key, entry]));
  }

  /** Holds at once what the database is yet to be told. */
  add(entry: HeldEntry): void {
    this.#own.set(entry.key, entry);
  }

  /** The database has been told, and looked at since. */
  drop(entry: HeldEntry): void {
    if (this.#own.get(entry.key) === entry) this.#own.delete(entry.key);
  }

  /** How an origin is, as far as it is not healthy. */
  of(origin: string): HeldEntry | undefined {
    return this.#own.get(origin) ?? this.#looked.get(origin);
  }

  /** Whether tasks for the origin or the URL itself wait. */
  isHeld(key: string, nowMs: number): boolean {
    const [own, looked] = [this.#own.get(key), this.#looked.get(key)];
    return (own !== undefined && holds(own, nowMs)) || (looked !== undefined && holds(looked, nowMs));
  }

  /** Whether a task's origin or its URL is held. */
  holds({ origin, target }: Pick<ClaimedTask, 'origin' | 'target'>, nowMs: number): boolean {
    if (this.#own.size + this.#looked.size === 0) return false;
    return this.isHeld(origin, nowMs) || (target !== origin && this.isHeld(target, nowMs));
  }

  /** What waits, origins and URLs. */
  held(nowMs: number): HeldEntry[] {
    return [...this.#looked.values(), ...this.#own.values()].filter((entry) => holds(entry, nowMs));
  }

  /** Origins that return, with the most attempts that they may have in hand. */
  returning(nowMs: number): { readonly origin: string; readonly most: number }[] {
    return [...this.#looked.values()]
      .filter(({ key, state }) => state === 'returning' && !this.#own.has(key))
      .map(({ origin, sinceMs }) => ({ origin, most: returnAllowance(nowMs - sinceMs) }));
  }
}

function holds({ state, untilMs }: HeldEntry, nowMs: number): boolean {
  return state === 'circuit-open' || (state === 'held-back' && untilMs > nowMs);
}
