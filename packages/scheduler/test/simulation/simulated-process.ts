import type { Clock } from '../../src/clock.ts';
import type { History, Life } from './history.ts';
import type { VirtualTime } from './virtual-time.ts';

/** How a machine's clocks differ from true time. */
export interface Skew {
  /** How fast its monotonic clock runs. */
  readonly rate: number;
  /** Milliseconds by which its wall clock is ahead. */
  wallAheadMs: number;
}

/** A process with clocks of its own, which can stand still or be gone at any moment. */
export class SimulatedProcess {
  readonly clock: Required<Clock>;
  readonly skew: Skew;
  readonly life: Life;
  /** Whether a signal to stop is on its way or there. */
  isTold = false;
  readonly #time: VirtualTime;
  readonly #onEnd: (() => void)[] = [];
  #stalledWork: { timers: (() => void)[]; inputs: (() => void)[] } | undefined;

  constructor(name: string, time: VirtualTime, history: History, skew: Skew) {
    this.#time = time;
    this.skew = skew;
    this.life = {
      process: name,
      startedMs: time.nowMs(),
      toldToStopMs: undefined,
      endedMs: undefined,
    };
    history.lives.push(this.life);
    this.clock = {
      monotonicMs: () => 5000 + time.nowMs() * skew.rate,
      epochMs: () => Date.UTC(2026, 0, 1) + skew.wallAheadMs + time.nowMs() * skew.rate,
      timer: (ms, fn) =>
        time.in(Math.max(0, ms) / skew.rate, () =>
          this.#enter('timers', () => {
            history.timersFired += 1;
            fn();
          }),
        ),
      afterInput: (fn) => void time.in(0, () => this.#enter('inputs', fn)),
    };
  }

  get name(): string {
    return this.life.process;
  }

  get isAlive(): boolean {
    return this.life.endedMs === undefined;
  }

  /** Something arrives from outside. */
  receive(input: () => void): void {
    this.#enter('inputs', input);
  }

  /** Called when the process ends, however it ends. */
  onEnd(cleanUp: () => void): void {
    this.#onEnd.push(cleanUp);
  }

  /** SIGKILL, or the exit that a stop leads to: nothing of it runs any more. */
  end(): void {
    if (!this.isAlive) return;
    this.life.endedMs = this.#time.nowMs();
    this.#stalledWork = undefined;
    for (const cleanUp of this.#onEnd) cleanUp();
  }

  /** SIGSTOP, and SIGCONT after so many milliseconds: timers come first then, as in Node, and input after them. */
  stall(ms: number): void {
    if (!this.isAlive || this.#stalledWork !== undefined) return;
    const stalled = { timers: [], inputs: [] };
    this.#stalledWork = stalled;
    this.#time.in(ms, () => {
      if (this.#stalledWork === stalled) this.resume();
    });
  }

  /** SIGCONT. */
  resume(): void {
    const { timers, inputs } = this.#stalledWork ?? { timers: [], inputs: [] };
    this.#stalledWork = undefined;
    for (const work of timers) this.#time.in(0, () => this.#enter('timers', work));
    for (const work of inputs) this.#time.in(0, () => this.#enter('inputs', work));
  }

  #enter(kind: 'timers' | 'inputs', work: () => void): void {
    if (!this.isAlive) return;
    if (this.#stalledWork === undefined) work();
    else this.#stalledWork[kind].push(work);
  }
}
