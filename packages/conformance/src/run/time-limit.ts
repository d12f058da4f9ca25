/** A limit on the time that a check is at work; what it waits for with all others does not count. */
export class TimeLimit {
  readonly ms: number;
  /** Resolves when the time is used up. */
  readonly exceeded: Promise<void>;
  #leftMs: number;
  #startedAtMs = performance.now();
  #timer: NodeJS.Timeout | undefined;
  #exceed: () => void = () => undefined;

  constructor(ms: number) {
    this.ms = ms;
    this.#leftMs = ms;
    this.exceeded = new Promise((resolve) => {
      this.#exceed = resolve;
    });
    this.resume();
  }

  /** Stops the clock. */
  pause(): void {
    clearTimeout(this.#timer);
    this.#leftMs -= performance.now() - this.#startedAtMs;
  }

  /** Lets the clock go on. */
  resume(): void {
    this.#startedAtMs = performance.now();
    this.#timer = setTimeout(this.#exceed, Math.max(0, this.#leftMs));
    this.#timer.unref();
  }
}
