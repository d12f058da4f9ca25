import type { Answer, Delivery } from './delivery.ts';

/** One path of the receiver: what came to it, and how it answers. */
export class Target {
  readonly url: string;
  readonly deliveries: Delivery[] = [];
  readonly #script: readonly Answer[];
  readonly #waiting = new Set<() => void>();

  /** @param script - an answer for each delivery in turn; the last one stays. */
  constructor(url: string, script: readonly Answer[]) {
    this.url = url;
    this.#script = script;
  }

  /** How the delivery of that number (from 1) is answered. */
  answerTo(number: number): Answer {
    return this.#script[Math.min(number, this.#script.length) - 1] ?? 200;
  }

  /** Notes a delivery and wakes whoever waits for it. */
  add(delivery: Delivery): void {
    this.deliveries.push(delivery);
    for (const wake of this.#waiting) wake();
  }

  /** Resolves with the delivery of that number (from 1), or with `undefined` after `timeoutMs`. */
  async received(number: number, timeoutMs: number): Promise<Delivery | undefined> {
    const timeout = AbortSignal.timeout(Math.ceil(timeoutMs));
    while (this.deliveries.length < number && !timeout.aborted) await this.#next(timeout);
    return this.deliveries[number - 1];
  }

  #next(timeout: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        timeout.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      timeout.addEventListener('abort', wake);
    });
  }
}
