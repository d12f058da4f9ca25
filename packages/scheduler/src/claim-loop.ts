import { createBell, type Bell } from './bell.ts';
import { createClaimLimit } from './claim-limit.ts';
import { claimSize } from './claim-size.ts';
import { Claims } from './claims.ts';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type SchedulerStore } from './contact.ts';
import type { Leases } from './leases.ts';
import type { Logger } from './logger.ts';
import { Looks } from './looks.ts';
import { createPartialClaims } from './partial-claims.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';
import type { Slots } from './slots.ts';
import type { UnansweredClaims } from './unanswered-claims.ts';

/** What a `ClaimLoop` needs. */
export interface ClaimLoopOptions extends ReconnectSettings {
  store: SchedulerStore;
  slots: Slots;
  leases: Leases;
  unanswered: UnansweredClaims;
  clock: Clock;
  random: () => number;
  logger: Logger;
  schedulerId: string;
  concurrency: number;
  pollIntervalMs: number;
}

/** First pause, in milliseconds, after tasks were due but none was claimed; it doubles up to the poll interval. */
const CONTENDED_PAUSE_MS = 10;

/** Claims due tasks as slots allow; sleeps until a hint, the next due task, room, or the poll interval. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #bell: Bell;
  readonly #limit = createClaimLimit();
  readonly #claims: Claims;
  readonly #looks: Looks;
  /** Rounds in a row that found everything taken by others, or left out. */
  #contended = 0;
  /** Rounds in a row that failed. */
  #failures = 0;
  /** Whether the last round stopped for want of room; only then is room worth a look at the database. */
  #wantsRoom = false;
  /** The origins that the last claim left out. */
  #leftOut: readonly string[] = [];
  readonly #partial = createPartialClaims();

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
    this.#bell = createBell(options.clock);
    this.#claims = new Claims({ ...options, limit: this.#limit });
    this.#looks = new Looks({ ...options, onDue: () => this.#bell.ring() });
  }

  /** Claims until `signal` aborts; resolves then, after a claim that is under way, and never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const stop = (): void => {
      this.#claims.stop();
      this.#bell.ring();
    };
    signal.addEventListener('abort', stop);
    while (!signal.aborted) {
      try {
        const pauseMs = Math.min(await this.#round(signal), this.#options.unanswered.nextLookInMs());
        if (pauseMs > 0 && !signal.aborted) await this.#bell.wait(pauseMs);
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
    signal.removeEventListener('abort', stop);
    this.#wantsRoom = false;
    this.#leftOut = [];
    await this.#options.unanswered.finish();
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
    // Not at once: where the attempts of others end quickly an origin gets room and loses it all the time.
    if (this.#leftOut.some((origin) => this.#options.slots.hasRoomFor(origin)))
      this.#bell.ringIn(CONTENDED_PAUSE_MS);
  }

  /** One look at the database; answers with the milliseconds to wait before the next. */
  async #round(signal: AbortSignal): Promise<number> {
    // In this loop, between two claims: what is committed and not held by now is held by nobody.
    await this.#options.unanswered.look();
    const capacity = this.#room();
    this.#wantsRoom = capacity === 0;
    this.#leftOut = this.#options.slots.originLimits().exceptOrigins;
    if (this.#wantsRoom) return this.#pollMs();
    const startedMs = this.#options.clock.monotonicMs();
    const partialInMs = this.#partial.nextInMs(startedMs);
    if (this.#leftOut.length > 0 && partialInMs > 0) return Math.min(this.#pollMs(), partialInMs);
    const look = await this.#looks.next();
    // Spec: LEA-020. The scheduler may have been told to stop during the look.
    if ((look.queues.length === 0 && !look.hasRunRequests) || signal.aborted) {
      this.#noteAnswer();
      return Math.min(this.#pollMs(), look.nextDueInMs ?? Infinity);
    }
    const lookedMs = this.#options.clock.monotonicMs();
    const made = await this.#claims.make(look, capacity);
    this.#noteAnswer();
    if (this.#leftOut.length > 0) this.#partial.made(startedMs, lookedMs, this.#options.clock.monotonicMs());
    this.#contended = made.isContended && !made.isUnfinished ? this.#contended + 1 : 0;
    if (made.claimed > 0 || made.isUnfinished) return 0;
    const contendedMs = made.isContended ? CONTENDED_PAUSE_MS * 2 ** this.#contended : Infinity;
    return Math.min(this.#pollMs(), contendedMs, made.moreInMs, look.nextDueInMs ?? Infinity);
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
    return Math.min(this.#limit.most(), claimSize(this.#options.slots.load(), this.#options.concurrency));
  }

  #pollMs(): number {
    return this.#options.pollIntervalMs * (1 - 0.2 * this.#options.random());
  }
}
