import type { Attempts } from './attempt.ts';
import type { Load } from './claim-size.ts';
import type { Clock } from './clock.ts';
import { bytesOf, type HeldTask } from './held-task.ts';
import { taskDetails, type Logger } from './logger.ts';
import { OriginsInHand, type OriginInHand, type OriginLimits } from './origins-in-hand.ts';
import { createRecentRate, type RecentRate } from './recent-rate.ts';
import type { TargetHealth } from './target-health/target-health.ts';

/** What `Slots` need. */
export interface SlotsOptions {
  concurrency: number;
  attempts: Attempts;
  targets: Pick<TargetHealth, 'mayWait' | 'admits' | 'heldNow'>;
  clock: Clock;
  logger: Logger;
  /** A slot, or room for a claim, became free. */
  onRoom: () => void;
  /** The task is held no longer. */
  onDone: (held: HeldTask) => void;
}

/** A task in its slot, or before it. */
interface Entry {
  readonly held: HeldTask;
  readonly origin: OriginInHand;
}

/** Why a task is given back that was claimed before its target was held. */
const HELD = 'its target is held back';

/** Where claimed tasks wait and are attempted, `concurrency` at a time and of one origin at most its share. */
export class Slots {
  readonly #options: SlotsOptions;
  readonly #rate: RecentRate;
  readonly #origins: OriginsInHand;
  readonly #buffer: Entry[] = [];
  readonly #inFlight = new Set<HeldTask>();
  readonly #emptyWaiters: (() => void)[] = [];
  #settling = 0;
  #bytesPerTask = 0;
  #closed = false;
  #cancelStaleTimer: (() => void) | undefined;

  constructor(options: SlotsOptions) {
    this.#options = options;
    this.#rate = createRecentRate(options.clock);
    this.#origins = new OriginsInHand(options.concurrency, options.clock);
  }

  /** Takes claimed tasks over, in the order in which they are to be sent. */
  accept(tasks: readonly HeldTask[]): void {
    const bytes = tasks.reduce((sum, held) => sum + bytesOf(held.task), 0);
    if (tasks.length > 0) this.#bytesPerTask = bytes / tasks.length;
    const entries = tasks.map((held) => ({ held, origin: this.#origins.add(held.task.origin) }));
    // What is limited goes first: it uses up a limit while it waits, and a rate pays only for what is sent soon.
    const behindLimited = this.#buffer.findIndex(({ held }) => !held.isLimited);
    const limited = entries.filter(({ held }) => held.isLimited);
    this.#buffer.splice(behindLimited === -1 ? this.#buffer.length : behindLimited, 0, ...limited);
    this.#buffer.push(...entries.filter(({ held }) => !held.isLimited));
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

  /** How much a claim is to bring of each origin at most: those that have enough in hand are left out. */
  originLimits(): OriginLimits {
    return this.#origins.claimLimitsBeside(this.#options.targets.heldNow(), this.#rate.perSecond());
  }

  /** Whether more tasks for the origin are worth claiming. */
  hasRoomFor(origin: string): boolean {
    return this.#origins.hasRoom(origin);
  }

  /** Releases what waits for a target that is held by now. Spec: HLD-024. */
  dropHeld(): void {
    const { targets } = this.#options;
    const kept = this.#buffer.filter(({ held }) => targets.mayWait(held.task));
    if (kept.length === this.#buffer.length) return;
    const dropped = this.#buffer.filter((entry) => !kept.includes(entry));
    this.#buffer.splice(0, this.#buffer.length, ...kept);
    for (const entry of dropped) this.#giveUp(entry, HELD);
    this.#fill();
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
      if (!this.#maySend(next.held, nowMs)) this.#giveUp(next);
      else if (this.#options.targets.admits(next.held.task)) this.#start(next);
      else this.#giveUp(next, HELD);
    }
    this.#watchOldest(nowMs);
    this.#options.onRoom();
  }

  /** The oldest task that need not wait for a slot; those whose origin has its share are passed by. */
  #takeNext(nowMs: number): Entry | undefined {
    const oldest = this.#buffer[0];
    if (oldest === undefined || !this.#maySend(oldest.held, nowMs)) return this.#buffer.shift();
    if (this.#inFlight.size >= this.#options.concurrency) return undefined;
    if (this.#origins.maySend(oldest.origin)) return this.#buffer.shift();
    const full = oldest.origin;
    const index = this.#buffer.findIndex(({ origin }) => origin !== full && this.#origins.maySend(origin));
    return index === -1 ? undefined : this.#buffer.splice(index, 1)[0];
  }

  #maySend(held: HeldTask, nowMs: number): boolean {
    return !held.lost && !this.#closed && nowMs <= held.staleAtMs;
  }

  #giveUp({ held, origin }: Entry, why = 'no slot was free in time'): void {
    this.#origins.remove(origin);
    if (held.lost) this.#forget(held);
    else this.#release(held, this.#closed ? 'the scheduler stops' : why);
  }

  #start({ held, origin }: Entry): void {
    this.#origins.start(origin);
    this.#inFlight.add(held);
    const delivered = (): void => {
      if (!this.#inFlight.delete(held)) return;
      this.#origins.end(origin);
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
    void work
      .catch((err: unknown) => logger.error({ ...taskDetails(held.task), err }, 'the attempt broke off'))
      .then(() => this.#done(held));
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
    const oldest = this.#buffer[0];
    if (oldest === undefined || this.#cancelStaleTimer !== undefined) return;
    const waitMs = Math.max(0, oldest.held.staleAtMs - nowMs) + 1;
    this.#cancelStaleTimer = this.#options.clock.timer(waitMs, () => {
      this.#cancelStaleTimer = undefined;
      this.#fill();
    });
  }
}
