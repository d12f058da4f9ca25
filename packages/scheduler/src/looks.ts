import type { DueLanes, Lane } from '@dispatchr/store';
import type { Clock } from './clock.ts';
import type { SchedulerStore } from './contact.ts';

/** What `Looks` need. */
export interface LooksOptions {
  store: Pick<SchedulerStore, 'findDueLanes'>;
  clock: Clock;
  /** A whole look that nobody waited for found something due. */
  onDue: () => void;
}

/** Whole looks are dear when so many in a row took longer than so many milliseconds; a single one is an accident. */
const DEAR_MS = 10;
const DEAR_LOOKS = 8;

/** How long only known lanes are looked at, in milliseconds, as long as something is due there. */
const WHOLE_LOOK_INTERVAL_MS = 1000;

/** How much longer than a whole look the pause after it is: so they take a tenth of the time. */
const PAUSE_FACTOR = 9;

/** That pause at most, in milliseconds: what becomes due in a lane that is not known waits no longer for the next look. */
const LONGEST_PAUSE_MS = 2000;

/**
 * Where something is due. A look reads past every row that is gone and that PostgreSQL may not forget yet, because an
 * open transaction could still see it; after minutes these are many. So while whole looks are dear, the claim loop looks at
 * the lanes that the last one found, from where it found something, and whole looks are made beside it: when nothing is
 * due there, and once a second. What becomes due in another lane, or before that point, waits for the next of them.
 */
export class Looks {
  readonly #options: LooksOptions;
  /** Absent while whole looks are cheap. */
  #known: readonly Lane[] | undefined;
  /** Those of the last whole look that found any. */
  #seen: readonly Lane[] = [];
  #dearInARow = 0;
  #endedMs = 0;
  #tookMs = 0;
  #isLookingBeside = false;

  constructor(options: LooksOptions) {
    this.#options = options;
  }

  /** Looks once; rejects as the store does. */
  async next(): Promise<DueLanes> {
    if (this.#known === undefined) return this.#lookAtAll();
    const look = await this.#options.store.findDueLanes(this.#known);
    const pauseMs = Math.min(this.#tookMs * PAUSE_FACTOR, LONGEST_PAUSE_MS);
    const waitMs = look.queues.length === 0 ? pauseMs : Math.max(pauseMs, WHOLE_LOOK_INTERVAL_MS);
    if (this.#options.clock.monotonicMs() >= this.#endedMs + waitMs) void this.#lookBeside();
    return look;
  }

  async #lookAtAll(): Promise<DueLanes> {
    const { store, clock } = this.#options;
    const startedMs = clock.monotonicMs();
    const look = await store.findDueLanes();
    this.#endedMs = clock.monotonicMs();
    this.#tookMs = this.#endedMs - startedMs;
    this.#dearInARow = this.#tookMs > DEAR_MS ? this.#dearInARow + 1 : 0;
    const isDear = this.#dearInARow >= DEAR_LOOKS;
    this.#known = isDear ? withEarlier(look.lanes, this.#known ?? this.#seen) : undefined;
    if (look.lanes.length > 0) this.#seen = look.lanes;
    return look;
  }

  /** After one that fails the claim loop makes the next itself, and hears of it. */
  async #lookBeside(): Promise<void> {
    if (this.#isLookingBeside) return;
    this.#isLookingBeside = true;
    try {
      const { queues } = await this.#lookAtAll();
      if (queues.length > 0) this.#options.onDue();
    } catch {
      this.#known = undefined;
    } finally {
      this.#isLookingBeside = false;
    }
  }
}

/** A lane that is empty at the moment of a look is not gone: its next task must not wait for another whole look. */
function withEarlier(lanes: readonly Lane[], earlier: readonly Lane[]): readonly Lane[] {
  const keys = new Set(lanes.map(keyOf));
  return [...lanes, ...earlier.filter((lane) => !keys.has(keyOf(lane)))];
}

function keyOf({ queue, priority }: Lane): string {
  return `${priority} ${queue}`;
}
