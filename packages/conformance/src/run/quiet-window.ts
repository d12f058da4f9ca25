import { setTimeout as sleep } from 'node:timers/promises';

/**
 * One wait for all checks that show that nothing more arrives: it opens when every other check of the group is over,
 * so that the whole run pays for it once.
 */
export class QuietWindow {
  readonly #lengthMs: number;
  #atWork: number;
  #waiting: (() => void)[] = [];

  /** @param atWork - how many checks will either `leave` or `wait`. */
  constructor(lengthMs: number, atWork: number) {
    this.#lengthMs = lengthMs;
    this.#atWork = atWork;
  }

  /** A check is over. */
  leave(): void {
    this.#atWork -= 1;
    if (this.#atWork === 0 && this.#waiting.length > 0) void this.#open();
  }

  /** Resolves after the window; the caller counts as at work again from then on. */
  async wait(): Promise<void> {
    const opened = new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
    });
    this.leave();
    await opened;
  }

  async #open(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#atWork = waiting.length;
    await sleep(this.#lengthMs);
    for (const resume of waiting) resume();
  }
}
