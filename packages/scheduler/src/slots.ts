import type { Attempts } from './attempt.ts';
import type { Load } from './claim-size.ts';
import type { Clock } from './clock.ts';
import { MAX_WAIT_MS, bytesOf, staleAtMs, type HeldTask } from './held-task.ts';
import { taskDetails, type Logger } from './logger.ts';
import { createRecentRate, type RecentRate } from './recent-rate.ts';

/** What `Slots` need. */
export interface SlotsOptions {
  concurrency: number;
  attempts: Attempts;
  clock: Clock;
  logger: Logger;
  /** A slot, or room for a claim, became free. */
  onRoom: () => void;
  /** The task is held no longer. */
  onDone: (held: HeldTask) => void;
}

/** Where claimed tasks wait and are attempted, `concurrency` at a time. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #rate: RecentRate;
  readonly #buffer: HeldTask[] = [];
  readonly #inFlight = new Set<HeldTask>();
  readonly #emptyWaiters: (() => void)[] = [];
  #settling = 0;
  #bytesPerTask = 0;
  #closed = false;
  #cancelStaleTimer: (() => void) | undefined;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#rate = createRecentRate(options.clock);
  }

  /** Takes claimed tasks over, in the order in which they are to be sent. */
  accept(tasks: readonly HeldTask[]): void {
    const bytes = tasks.reduce((sum, held) => sum + bytesOf(held.task), 0);
    if (tasks.length > 0) this.#bytesPerTask = bytes / tasks.length;
    this.#buffer.push(...tasks);
    this.#fill();
  }

  /** What is in hand at the moment. */
  load(): Load {
    return {
      inFlight: this.#inFlight.size,
      buffered: this.#buffer.length,
      settling: this.#settling,
      endedPerSecond: this.#rate.perSecond(),
      bytesPerTask: this.#bytesPerTask,
    };
  }

  /** Starts nothing more, and releases what waits or comes. */
  close(): void {
    this.#closed = true;
    this.#fill();
    this.#cancelStaleTimer?.();
  }

  /** Breaks off what is in flight; it is settled as released. */
  abortInFlight(): void {
    const why = 'the scheduler stopped before an answer came';
    for (const held of this.#inFlight) held.delivery?.abort('released', why);
  }

  /** Resolves when no task is held any more. */
  whenEmpty(): Promise<void> {
    if (this.#isEmpty()) return Promise.resolve();
    return new Promise((resolve) => this.#emptyWaiters.push(resolve));
  }

  #fill(): void {
    const nowMs = this.#options.clock.monotonicMs();
    for (let next = this.#takeNext(nowMs); next !== undefined; next = this.#takeNext(nowMs)) {
      if (next.lost) this.#forget(next);
      else if (this.#closed) this.#release(next, 'the scheduler stops');
      else if (nowMs > staleAtMs(next)) this.#release(next, `no slot was free within ${MAX_WAIT_MS} ms`);
      else this.#start(next);
    }
    this.#watchOldest(nowMs);
    this.#options.onRoom();
  }

  /** The oldest task, unless it is to wait for a slot. */
  #takeNext(nowMs: number): HeldTask | undefined {
    const [oldest] = this.#buffer;
    if (oldest === undefined) return undefined;
    const hasSlot = this.#inFlight.size < this.#options.concurrency;
    const needsNone = oldest.lost || this.#closed || nowMs > staleAtMs(oldest);
    return hasSlot || needsNone ? this.#buffer.shift() : undefined;
  }

  #start(held: HeldTask): void {
    this.#inFlight.add(held);
    const delivered = (): void => {
      if (!this.#inFlight.delete(held)) return;
      this.#settling += 1;
      this.#rate.count();
      this.#fill();
    };
    this.#finish(held, this.#options.attempts.run(held, delivered));
  }

  #release(held: HeldTask, why: string): void {
    this.#settling += 1;
    this.#finish(held, this.#options.attempts.release(held, why));
  }

  /** Whoever holds the lease by now sees to the task. */
  #forget(held: HeldTask): void {
    this.#options.logger.warn(taskDetails(held.task), 'the lease was lost before the task was sent');
    this.#settling += 1;
    this.#done(held);
  }

  /** A bug in one attempt must not end the scheduler; the lease runs out and the sweep counts the attempt. */
  #finish(held: HeldTask, work: Promise<void>): void {
    const { logger } = this.#options;
    work
      .catch((err: unknown) => logger.error({ ...taskDetails(held.task), err }, 'the attempt broke off'))
      .finally(() => this.#done(held));
  }

  #done(held: HeldTask): void {
    this.#settling -= 1;
    this.#options.onDone(held);
    this.#options.onRoom();
    if (this.#isEmpty()) for (const resolve of this.#emptyWaiters.splice(0)) resolve();
  }

  #isEmpty(): boolean {
    return this.#buffer.length === 0 && this.#inFlight.size === 0 && this.#settling === 0;
  }

  #watchOldest(nowMs: number): void {
    const [oldest] = this.#buffer;
    if (oldest === undefined || this.#cancelStaleTimer !== undefined) return;
    const waitMs = Math.max(0, staleAtMs(oldest) - nowMs) + 1;
    this.#cancelStaleTimer = this.#options.clock.timer(waitMs, () => {
      this.#cancelStaleTimer = undefined;
      this.#fill();
    });
  }
}
