import { LEASE_MS } from '@dispatchr/lifecycle';
import { DatabaseUnavailableError, type ClaimedTask, type DueTasksClaim } from '@dispatchr/store';
import { createBell, type Bell } from './bell.ts';
import { createClaimLimit } from './claim-limit.ts';
import { claimSize } from './claim-size.ts';
import { sleep, type Clock } from './clock.ts';
import { isDatabaseAway, type SchedulerStore } from './contact.ts';
import { MAX_ANSWER_MS, holdTask } from './held-task.ts';
import { interleaveFlowKeys } from './interleave-flow-keys.ts';
import type { Leases } from './leases.ts';
import type { Logger } from './logger.ts';
import { reconnectDelayMs, type ReconnectSettings } from './reconnect-delay.ts';
import { shareCapacity } from './share-capacity.ts';
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

/** How many times as long as a claim that left origins out took no such claim follows: it reads past all their tasks. */
const PARTIAL_CLAIM_PAUSES = 9;

/** When a claim without an answer counts as failed, in milliseconds: nobody may sweep its leases before. */
const MAX_CLAIM_MS = LEASE_MS / 2;

/** Claims due tasks as slots allow; sleeps until a hint, the next due task, room, or the poll interval. */
export class ClaimLoop {
  readonly #options: ClaimLoopOptions;
  readonly #bell: Bell;
  readonly #limit = createClaimLimit();
  /** Sum of the capacities that were shared so far. */
  #offset = 0;
  /** Rounds in a row that found everything taken by others, or left out. */
  #contended = 0;
  /** Rounds in a row that failed. */
  #failures = 0;
  /** Whether the last round stopped for want of room; only then is room worth a look at the database. */
  #wantsRoom = false;
  /** The origins that the last claim left out. */
  #leftOut: readonly string[] = [];
  /** When a claim may leave origins out again, on the monotonic clock. */
  #partialAtMs = -Infinity;

  constructor(options: ClaimLoopOptions) {
    this.#options = options;
    this.#bell = createBell(options.clock);
  }

  /** Claims until `signal` aborts; resolves then, after a claim that is under way, and never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const ring = (): void => this.#bell.ring();
    signal.addEventListener('abort', ring);
    while (!signal.aborted) {
      try {
        const pauseMs = Math.min(await this.#round(signal), this.#options.unanswered.nextLookInMs());
        if (pauseMs > 0 && !signal.aborted) await this.#bell.wait(pauseMs);
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
    signal.removeEventListener('abort', ring);
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
    const limits = this.#options.slots.originLimits();
    this.#leftOut = limits.exceptOrigins;
    if (this.#wantsRoom) return this.#pollMs();
    const startedMs = this.#options.clock.monotonicMs();
    if (this.#leftOut.length > 0 && startedMs < this.#partialAtMs)
      return Math.min(this.#pollMs(), this.#partialAtMs - startedMs);
    const { lanes, nextDueInMs } = await this.#options.store.findDueLanes();
    // Spec: LEA-020. The scheduler may have been told to stop during the look.
    if (lanes.length === 0 || signal.aborted) {
      this.#noteAnswer();
      return Math.min(this.#pollMs(), nextDueInMs ?? Infinity);
    }
    const queues = shareCapacity(lanes, capacity, this.#offset);
    this.#offset += capacity;
    const claimed = await this.#claim({ queues, scheduler: this.#options.schedulerId, ...limits });
    this.#noteAnswer();
    const nowMs = this.#options.clock.monotonicMs();
    if (limits.exceptOrigins.length > 0)
      this.#partialAtMs = nowMs + PARTIAL_CLAIM_PAUSES * (nowMs - startedMs);
    this.#contended = claimed === 0 ? this.#contended + 1 : 0;
    if (claimed > 0) return 0;
    return Math.min(this.#pollMs(), CONTENDED_PAUSE_MS * 2 ** this.#contended, nextDueInMs ?? Infinity);
  }

  async #claim(claim: DueTasksClaim): Promise<number> {
    const { clock, leases, slots } = this.#options;
    const claimedMs = clock.monotonicMs();
    const tasks = await this.#askFor(claim);
    const receivedMs = clock.monotonicMs();
    // What comes this late is released; asked for again in one piece it would come as late.
    if (receivedMs - claimedMs > MAX_ANSWER_MS) this.#limit.failed(askedFor(claim));
    else this.#limit.succeeded(tasks.length);
    const inOrder = tasks.toSorted((a, b) => b.priority - a.priority || Number(a.dueAt) - Number(b.dueAt));
    const held = interleaveFlowKeys(inOrder).map((task) => holdTask(task, claimedMs, receivedMs));
    for (const task of held) leases.hold(task);
    slots.accept(held);
    return held.length;
  }

  async #askFor(claim: DueTasksClaim): Promise<ClaimedTask[]> {
    const { store, unanswered, clock } = this.#options;
    try {
      return await answeredInTime(store.claimDueTasks(claim), clock);
    } catch (error) {
      this.#limit.failed(askedFor(claim));
      unanswered.note();
      throw error;
    }
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

/** What comes after all when the claim has failed here is held by nobody, and so taken back. */
function answeredInTime(claim: Promise<ClaimedTask[]>, clock: Clock): Promise<ClaimedTask[]> {
  return new Promise((resolve, reject) => {
    const cancel = clock.timer(MAX_CLAIM_MS, () =>
      reject(new DatabaseUnavailableError(`no answer to a claim within ${MAX_CLAIM_MS} ms`)),
    );
    claim.then(resolve, reject).finally(cancel);
  });
}

function askedFor({ queues }: DueTasksClaim): number {
  return queues.reduce((sum, { quota }) => sum + quota, 0);
}
