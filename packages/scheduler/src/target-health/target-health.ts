import {
  CIRCUIT_FAILURES,
  healthSignOf,
  holdOf,
  probePauseMs,
  RETURN_FAILURES,
  RETURN_MS,
  type Answer,
  type Hold,
  type Outcome,
} from '@dispatchr/lifecycle';
import type { ClaimedTask, HeldTarget } from '@dispatchr/store';
import { createBell, type Bell } from '../bell.ts';
import type { Clock } from '../clock.ts';
import { isDatabaseAway, type SchedulerStore } from '../contact.ts';
import type { Logger } from '../logger.ts';
import type { HeldNow } from '../origins-in-hand.ts';
import { HeldSet, type HeldEntry } from './held-set.ts';
import { PendingWrites } from './pending-writes.ts';
import { Probes } from './probes.ts';
import { Streaks } from './streaks.ts';

/** What `TargetHealth` needs. */
export interface TargetHealthOptions {
  store: SchedulerStore;
  clock: Clock;
  /** 0 … 1. */
  random: () => number;
  logger: Logger;
  schedulerId: string;
  /** What waits for a slot may be held by now. */
  onHeld: () => void;
  /** There may be more to claim. */
  onLetGo: () => void;
}

/** How an attempt ended, as far as it concerns its target. */
export interface EndedAttempt {
  readonly answer: Answer;
  readonly outcome: Outcome;
  /** On the monotonic clock. */
  readonly startedMs: number;
  /** What is told of a failure. */
  readonly error: string;
}

/** Milliseconds between two looks: what another scheduler holds back counts here within a second. Spec: HLD-012. */
const LOOK_EVERY_MS = 500;

/** Milliseconds between two signs of life of this scheduler; after 15 s without one it counts as dead. */
const NOTE_EVERY_MS = 5000;

/** Tasks parked or let go in one statement, and most statements of either in one look. */
const BATCH = 1000;
const BATCHES_A_LOOK = 5;

/**
 * Watches what comes of the attempts of this process, keeps held targets in mind, probes open circuits, and moves held
 * tasks out of the way of claims and back. The states of a target are told in `lifecycle/target-health.ts`.
 */
export class TargetHealth {
  readonly #options: TargetHealthOptions;
  readonly #bell: Bell;
  readonly #held = new HeldSet();
  readonly #writes: PendingWrites;
  readonly #probes: Probes;
  readonly #streaks = new Streaks();
  #notedMs = -Infinity;

  constructor(options: TargetHealthOptions) {
    this.#options = options;
    this.#bell = createBell(options.clock);
    this.#writes = new PendingWrites(this.#held, options.logger);
    this.#probes = new Probes(options.store, options.clock);
  }

  /** Looks at the database until `signal` aborts; resolves then and never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const ring = (): void => this.#bell.ring();
    signal.addEventListener('abort', ring);
    while (!signal.aborted) {
      await this.#quietly(() => this.#look(signal));
      if (!signal.aborted) await this.#bell.wait(LOOK_EVERY_MS);
    }
    signal.removeEventListener('abort', ring);
    await this.#quietly(() => this.#options.store.forgetScheduler(this.#options.schedulerId));
  }

  /** Whether a task that waits for a slot may go on waiting. */
  mayWait(task: ClaimedTask): boolean {
    return !this.#isHeld(task) || this.#isProbeFor(task);
  }

  /** Whether a task is sent now; one task of an open circuit is, and so becomes its probe. Spec: HLD-025. */
  admits(task: ClaimedTask): boolean {
    return !this.#isHeld(task) || (this.#isProbeFor(task) && this.#probes.send(task.origin, task.lease));
  }

  /** What claims leave out, and what they may bring of origins that are probed or return. */
  heldNow(): HeldNow {
    const nowMs = this.#options.clock.monotonicMs();
    const probed = this.#probes.unsent();
    const held = this.#held.held(nowMs);
    const origins = held.filter(({ key, origin }) => key === origin && !probed.includes(origin));
    return {
      origins: [...new Set(origins.map(({ origin }) => origin))],
      urls: held.filter(({ key, origin }) => key !== origin).map(({ key, origin }) => ({ origin, url: key })),
      probed,
      returning: this.#held.returning(nowMs),
    };
  }

  /** An attempt ended. */
  noteEnd(task: ClaimedTask, ended: EndedAttempt): void {
    if (task.origin === '') return;
    const hold = holdOf(ended.answer, ended.outcome, this.#options.random);
    if (hold) this.#hold(task, hold);
    const isProbe = this.#noteProbe(task, ended, hold);
    if (!isProbe) this.#noteSign(task, ended);
    if (this.#held.of(task.origin)?.state === 'returning') this.#options.onLetGo();
  }

  #noteProbe(task: ClaimedTask, { answer, error }: EndedAttempt, hold: Hold | undefined): boolean {
    const { origin, lease } = task;
    const sign = healthSignOf(answer);
    const result = ({ failure: 'failed', answer: 'answered', nothing: 'unused' } as const)[sign];
    const probe = this.#probes.end(origin, lease, result, hold?.what === 'origin' ? hold.holdMs : 0);
    if (probe === undefined) return false;
    const ended = sign === 'failure' ? { ...probe, lastError: error } : probe;
    this.#write({ name: `probe ${origin}`, write: () => this.#options.store.endProbe(ended) });
    this.#streaks.end(origin);
    this.#options.logger.info({ origin, result }, 'a probe of an open circuit ended');
    return true;
  }

  #noteSign({ origin }: ClaimedTask, { answer, startedMs, error }: EndedAttempt): void {
    const sign = healthSignOf(answer);
    const known = this.#held.of(origin);
    if (sign === 'answer') this.#streaks.end(origin);
    if (sign !== 'failure' || known?.state === 'circuit-open') return;
    const isReturning = known?.state === 'returning';
    // What was under way before the probe was answered says nothing of the time after it.
    if (isReturning && startedMs < known.sinceMs) return;
    const failures = this.#streaks.fail(origin);
    if (failures >= (isReturning ? RETURN_FAILURES : CIRCUIT_FAILURES)) this.#open(origin, failures, error);
  }

  #hold({ origin, target }: ClaimedTask, { what, holdMs }: Hold): void {
    const key = what === 'origin' ? origin : target;
    const nowMs = this.#options.clock.monotonicMs();
    const untilMs = nowMs + holdMs;
    const known = this.#held.of(key);
    if (known?.state === 'held-back' && known.untilMs >= untilMs) return;
    const state = known?.state === 'circuit-open' ? 'circuit-open' : 'held-back';
    const write = async (): Promise<void> => {
      const leftMs = Math.ceil(untilMs - this.#options.clock.monotonicMs());
      if (leftMs > 0) await this.#options.store.holdTarget({ key, origin, holdMs: leftMs });
    };
    this.#write({ name: `hold ${key}`, entry: { key, origin, state, untilMs, sinceMs: nowMs }, write });
    this.#options.logger.info({ origin, target: key, holdMs }, 'the target asked to be left alone');
  }

  #open(origin: string, failures: number, lastError: string): void {
    const nowMs = this.#options.clock.monotonicMs();
    const pauseMs = probePauseMs(0);
    const entry: HeldEntry = {
      key: origin,
      origin,
      state: 'circuit-open',
      untilMs: nowMs + pauseMs,
      sinceMs: nowMs,
    };
    const write = () => this.#options.store.openCircuit({ origin, failures, lastError, pauseMs });
    this.#streaks.end(origin);
    this.#write({ name: `open ${origin}`, entry, write });
    this.#options.logger.warn({ origin, failures, lastError }, 'the circuit is open; only probes are sent');
  }

  #write(write: Parameters<PendingWrites['add']>[0]): void {
    this.#writes.add(write);
    // At once: a look that is under way may take a second, and others are to know. Spec: HLD-002.
    void this.#quietly(() => this.#writes.flush());
    this.#bell.ring();
    if (write.entry) this.#options.onHeld();
  }

  /** Claims cannot leave out what an older recorder wrote without its origin: released, it would come again at once. */
  #isHeld(task: ClaimedTask): boolean {
    const isExempt = task.isRun || task.origin === '';
    return !isExempt && this.#held.holds(task, this.#options.clock.monotonicMs());
  }

  #isProbeFor({ origin, target }: ClaimedTask): boolean {
    if (!this.#probes.isUnsent(origin)) return false;
    return target === origin || !this.#held.isHeld(target, this.#options.clock.monotonicMs());
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { store, clock, schedulerId, onHeld, onLetGo } = this.#options;
    await this.#writes.flush();
    if (clock.monotonicMs() - this.#notedMs >= NOTE_EVERY_MS) {
      await store.noteScheduler(schedulerId);
      this.#notedMs = clock.monotonicMs();
    }
    const dropSeen = this.#writes.looking();
    const { targets, hasParked } = await store.findHeldTargets();
    this.#held.replace(targets, clock.monotonicMs());
    dropSeen();
    if (targets.length > 0) onHeld();
    if (signal.aborted || (targets.length === 0 && !hasParked)) return;
    if (targets.some(isEnded)) await store.removeEndedHolds({ returnMs: RETURN_MS });
    const hasProbe = await this.#probe(targets);
    if (hasProbe) onLetGo();
    else if (this.#held.held(clock.monotonicMs()).length > 0)
      await inBatches(() => store.parkTasks({ limit: BATCH }));
    const returning = this.#held
      .returning(clock.monotonicMs())
      .map(({ origin, most }) => ({ key: origin, limit: Math.min(BATCH, most) }));
    const unparked = await inBatches(() => store.unparkTasks({ limit: BATCH, returning }));
    if (unparked > 0) onLetGo();
  }

  async #probe(targets: readonly HeldTarget[]): Promise<boolean> {
    const open = targets.filter(({ state }) => state === 'circuit-open');
    await this.#probes.tend(new Set(open.map(({ origin }) => origin)));
    let hasProbe = false;
    for (const { origin, untilInMs } of open)
      if (untilInMs <= 0 && (await this.#probes.take(origin))) hasProbe = true;
    return hasProbe;
  }

  async #quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (err) {
      const { logger } = this.#options;
      if (isDatabaseAway(err)) logger.debug({ err }, 'the health of targets waits for the database');
      else logger.error({ err }, 'the health of targets could not be seen to');
    }
  }
}

function isEnded({ state, untilInMs, sinceMs }: HeldTarget): boolean {
  return (state === 'held-back' && untilInMs <= 0) || (state === 'returning' && sinceMs >= RETURN_MS);
}

/** Answers with how many rows all batches had together. */
async function inBatches(batch: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (let batches = 0; batches < BATCHES_A_LOOK; batches += 1) {
    const rows = await batch();
    sum += rows;
    if (rows < BATCH) break;
  }
  return sum;
}
