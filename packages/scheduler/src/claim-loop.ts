import { createBell, type Bell } from './bell.ts';
import { claimSize } from './claim-size.ts';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type SchedulerStore } from './contact.ts';
import { holdTask } from './held-task.ts';
import { interleaveFlowKeys } from './interleave-flow-keys.ts';
import type { Leases } from './leases.ts';
import type { Logger } from './logger.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';
import { shareCapacity, type LaneShare } from './share-capacity.ts';
import type { Slots } from './slots.ts';

/** What a `ClaimLoop` needs. */
export interface ClaimLoopOptions extends ReconnectSettings {
  store: SchedulerStore;
  slots: Slots;
  leases: Leases;
  clock: Clock;
  random: () => number;
  logger: Logger;
  schedulerId: string;
  concurrency: number;
  pollIntervalMs: number;
}

/** First pause, in milliseconds, after tasks were due but others had them; it doubles up to the poll interval. */
const CONTENDED_PAUSE_MS = 10;

/** Most priorities of one queue in one claim. */
const MAX_SPREAD = 1024;

/** Claims due tasks as slots allow; sleeps until a hint, the next due task, room, or the poll interval. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #bell: Bell;
  #turn = 0;
  #spread = 1;
  /** Rounds in a row that found everything taken by others. */
  #contended = 0;
  /** Rounds in a row that failed. */
  #failures = 0;
  /** Whether the last round stopped for want of room; only then is room worth a look at the database. */
  #wantsRoom = false;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
    this.#bell = createBell(options.clock);
  }

  /** Claims until `signal` aborts; resolves then, after a claim that is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const ring = (): void => this.#bell.ring();
    signal.addEventListener('abort', ring);
    while (!signal.aborted) {
      try {
        const pauseMs = await this.#round();
        if (pauseMs > 0 && !signal.aborted) await this.#bell.wait(pauseMs);
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
    signal.removeEventListener('abort', ring);
  }

  /** Something is due now. */
  wake(): void {
    this.#bell.ring();
  }

  /** Something is due in so many milliseconds; what is due later than the next poll is found by it. */
  wakeIn(ms: number): void {
    if (ms < this.#options.pollIntervalMs) this.#bell.ringIn(ms);
  }

  /** There may be room for another claim. */
  noticeRoom(): void {
    if (this.#wantsRoom && this.#room() > 0) this.#bell.ring();
  }

  /** One look at the database; answers with the milliseconds to wait before the next. */
  async #round(): Promise<number> {
    const capacity = this.#room();
    this.#wantsRoom = capacity === 0;
    if (this.#wantsRoom) return this.#pollMs();
    const { lanes, nextDueInMs } = await this.#options.store.findDueLanes();
    this.#noteAnswer();
    if (lanes.length === 0) return Math.min(this.#pollMs(), nextDueInMs ?? Infinity);
    const shares = shareCapacity(lanes, capacity, { turn: this.#turn++, spread: this.#spread });
    return this.#adapt(await this.#claim(shares), shares);
  }

  async #claim(lanes: LaneShare[]): Promise<number> {
    const { store, clock, leases, slots, schedulerId } = this.#options;
    const claimedMs = clock.monotonicMs();
    const tasks = await store.claimDueTasks({ lanes, scheduler: schedulerId });
    const receivedMs = clock.monotonicMs();
    const byDueAt = tasks.toSorted((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
    const held = interleaveFlowKeys(byDueAt).map((task) => holdTask(task, claimedMs, receivedMs));
    for (const task of held) leases.hold(task);
    slots.accept(held);
    return held.length;
  }

  #adapt(claimed: number, lanes: readonly LaneShare[]): number {
    const asked = lanes.reduce((sum, lane) => sum + lane.limit, 0);
    // Tasks spread thinly over many priorities would otherwise need a round for each of them.
    this.#spread = claimed < asked ? Math.min(this.#spread * 2, MAX_SPREAD) : 1;
    this.#contended = claimed === 0 ? this.#contended + 1 : 0;
    return claimed === 0 ? Math.min(this.#pollMs(), CONTENDED_PAUSE_MS * 2 ** this.#contended) : 0;
  }

  #noteAnswer(): void {
    if (this.#failures > 0) this.#options.logger.info({ failures: this.#failures }, 'claiming goes on');
    this.#failures = 0;
  }

  /** Hints do not shorten this pause: a database that is away is not to be hammered. */
  async #recover(err: unknown, signal: AbortSignal): Promise<void> {
    const { logger, clock, random } = this.#options;
    if (!isDatabaseAway(err)) logger.error({ err }, 'claiming failed');
    else if (this.#failures > 0) logger.debug({ err }, 'the database is still away');
    else logger.warn({ err }, 'the database is away; nothing is claimed until it is back');
    await sleep(clock, reconnectDelayMs(this.#failures, this.#options, random), signal);
    this.#failures += 1;
  }

  #room(): number {
    return claimSize(this.#options.slots.load(), this.#options.concurrency);
  }

  #pollMs(): number {
    return this.#options.pollIntervalMs * (1 - 0.2 * this.#options.random());
  }
}
