import { setImmediate } from 'node:timers';

/** A clock for tests: time stands still until `advance` moves it. */
export interface FakeClock {
  /** Milliseconds since an arbitrary start, never going back. */
  monotonicMs(): number;
  /** Milliseconds since 1970, moving in step with `monotonicMs`. */
  epochMs(): number;
  /** Calls `run` once, `ms` of fake time from now; the returned function takes it back. */
  timer(ms: number, run: () => void): () => void;
  /** Moves time by `ms`, runs due timers in order, and lets promises settle before, between and after them. */
  advance(ms: number): Promise<void>;
  /** How many timers have neither run nor been taken back: 0 shows that nothing leaks. */
  pendingTimers(): number;
}

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** More timers than this in one `advance` means that a timer of 0 ms sets itself again for ever. */
const MOST_TIMERS_AN_ADVANCE = 100_000;

/** Creates a clock that stands at `epochMs` (default: 2026-01-01T00:00:00Z). */
export function createFakeClock(options: { epochMs?: number } = {}): FakeClock {
  const timers = new Set<Timer>();
  const epochStartMs = options.epochMs ?? Date.UTC(2026, 0, 1);
  let elapsedMs = 0;
  let advancing = false;

  async function runTimersUntil(endMs: number): Promise<void> {
    await settlePromises();
    for (let ran = 0; ; ran += 1) {
      const next = earliestOf(timers);
      if (next === undefined || next.at > endMs) return;
      if (ran === MOST_TIMERS_AN_ADVANCE) throw new Error(`expected at most ${ran} timers in one advance`);
      timers.delete(next);
      elapsedMs = next.at;
      next.run();
      await settlePromises();
    }
  }

  return {
    // Not from 0, so that code which takes 0 for "never" is found out.
    monotonicMs: () => 1000 + elapsedMs,
    epochMs: () => epochStartMs + elapsedMs,
    timer(ms, run) {
      if (Number.isNaN(ms)) throw new Error('expected a timer of some milliseconds, got NaN');
      const timer = { at: elapsedMs + Math.max(0, ms), run };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async advance(ms) {
      if (!(ms >= 0)) throw new Error(`expected 0 or more milliseconds to advance, got ${ms}`);
      if (advancing) throw new Error('expected the advance before this one to be awaited');
      advancing = true;
      const endMs = elapsedMs + ms;
      try {
        await runTimersUntil(endMs);
        elapsedMs = endMs;
      } finally {
        advancing = false;
      }
    },
    pendingTimers: () => timers.size,
  };
}

/** Of timers due at the same instant the one set first comes first: a Set keeps the order of insertion. */
function earliestOf(timers: ReadonlySet<Timer>): Timer | undefined {
  let earliest: Timer | undefined;
  for (const timer of timers) if (earliest === undefined || timer.at < earliest.at) earliest = timer;
  return earliest;
}

/** A macrotask comes only after every promise that can settle without I/O has settled. */
function settlePromises(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
