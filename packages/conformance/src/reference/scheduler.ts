import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { deliver } from './delivery.ts';
import type { Engine } from './engine.ts';
import type { Flow } from './flow.ts';
import type { Settings } from './settings.ts';
import type { AttemptEnd } from './settlement.ts';
import type { Task, TaskState } from './task.ts';

const MAX_TIMER_MS = 2_147_483_647;
const STUCK_IN_FLIGHT = 8;
const LANE_IN_FLIGHT = 50;
// The 30 seconds of a lease, for a self-test that has no patience for them.
const LEASE_OF_MUTANT_MS = 3000;

/** Claims tasks when they are due, delivers each by itself and settles it. One timer, set to the next instant. */
export class Scheduler {
  readonly #name = `reference-${randomUUID()}`;
  readonly #engine: Engine;
  readonly #flow: Flow;
  readonly #settings: Settings;
  /** In which order queues and flow keys had their turns. */
  readonly #turns = new Map<string, number>();
  #turn = 0;
  readonly #flights = new Map<Promise<void>, string>();
  readonly #inFlight = new Map<string, number>();
  readonly #lines = new Map<string, Promise<void>>();
  readonly #abort = new AbortController();
  readonly #delays = new Map<NodeJS.Timeout, () => void>();
  #timer: NodeJS.Timeout | undefined;
  #scan: NodeJS.Immediate | undefined;
  #stopped = false;
  #killed = false;

  constructor(engine: Engine, flow: Flow, settings: Settings) {
    this.#flow = flow;
    this.#engine = engine;
    this.#settings = settings;
    // Every attempt in flight listens.
    setMaxListeners(0, this.#abort.signal);
    engine.table.onChange = () => this.#wake();
    this.#wake();
  }

  /** No more claims; after the grace what is in flight is broken off and released. Spec: LEA-020 to LEA-022. */
  async stop(graceMs: number): Promise<void> {
    const { mutants } = this.#settings;
    if (!mutants.has('claims-while-stopping')) this.#halt();
    const grace = setTimeout(() => this.#abort.abort(), mutants.has('no-grace') ? 0 : graceMs);
    await Promise.all(this.#flights.keys());
    this.#halt();
    clearTimeout(grace);
    this.#endDelays();
  }

  /** Ends everything at once; nothing is settled. */
  async kill(): Promise<void> {
    this.#killed = true;
    this.#halt();
    this.#abort.abort();
    this.#endDelays();
    await Promise.all(this.#flights.keys());
  }

  #halt(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearImmediate(this.#scan);
  }

  /** Looks for due tasks once what is being done now is done, so that a batch is seen as a whole. */
  #wake(): void {
    if (this.#stopped || this.#scan !== undefined) return;
    if (this.#settings.variants.has('one-second-tick'))
      this.#timer ??= setTimeout(() => this.#claimDue(), 1000);
    else this.#scan = setImmediate(() => this.#claimDue());
  }

  #claimDue(): void {
    this.#scan = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const nowMs = Date.now();
    const due: Task[] = [];
    let nextMs = Infinity;
    for (const task of this.#engine.table.pending()) {
      const expiresAtMs = this.#settings.mutants.has('expiry-ignored')
        ? Infinity
        : (task.expiresAtMs ?? Infinity);
      const dueAtMs = this.#dueAtMsOf(task);
      const isUnseen = dueAtMs > nowMs && this.#settings.mutants.has('expiry-seen-when-due');
      if (expiresAtMs <= nowMs && !isUnseen) this.#engine.expire(task);
      else if (dueAtMs <= nowMs) due.push(task);
      else nextMs = Math.min(nextMs, dueAtMs, expiresAtMs);
    }
    nextMs = Math.min(nextMs, this.#startDue(due));
    if (this.#settings.variants.has('one-second-tick')) this.#wake();
    else this.#wakeAt(nextMs);
  }

  /** Starts what may start, flow key by flow key; answers when to look again. Spec: FLO-020. */
  #startDue(due: readonly Task[]): number {
    const left = new Set(this.#inOrder(due));
    let nextMs = Infinity;
    for (let task = this.#nextOf(left); task !== undefined; task = this.#nextOf(left)) {
      left.delete(task);
      this.#turns.set(laneOf(task), (this.#turn += 1));
      this.#start(task);
    }
    for (const task of left)
      nextMs = Math.min(nextMs, this.#flow.closed(task, Date.now())?.untilMs ?? Infinity);
    return nextMs;
  }

  /** Of what may start, the task whose queue and flow key had its turn the longest ago. */
  #nextOf(left: ReadonlySet<Task>): Task | undefined {
    const { mutants } = this.#settings;
    if (this.#flights.size >= 8 && mutants.has('queues-drained-in-turn')) return undefined;
    const faults = ['flow-keys-not-in-turn', 'queues-drained-in-turn', 'full-flow-key-blocks-queue'] as const;
    const isByAge = faults.some((fault) => mutants.has(fault));
    const nowMs = Date.now();
    const refused = new Set<string>();
    let next: Task | undefined;
    let first = Infinity;
    for (const task of left) {
      const turn = isByAge ? 0 : (this.#turns.get(laneOf(task)) ?? 0);
      if (turn >= first || refused.has(laneOf(task) + task.target)) continue;
      const isRun = task.runAtMs !== undefined;
      if (this.#isStuck(task) || !this.#hasRoom(task) || !this.#flow.admits(task, nowMs)) {
        if (mutants.has('full-flow-key-blocks-queue')) return undefined;
        if (!isRun) refused.add(laneOf(task) + task.target);
        this.#spendWrongly(task, nowMs);
        continue;
      }
      next = task;
      first = turn;
    }
    return next;
  }

  /** For mutants: what waits has spent an attempt. */
  #spendWrongly(task: Task, nowMs: number): void {
    const { mutants } = this.#settings;
    const reason = this.#flow.closed(task, nowMs)?.reason ?? '';
    const isLimited = /-(concurrency|rate)$/.test(reason) && mutants.has('limited-task-spends-an-attempt');
    const isHeld =
      /^(target-held-back|circuit-open)$/.test(reason) && mutants.has('held-task-spends-an-attempt');
    const isOpen = reason === 'circuit-open' && mutants.has('open-circuit-spends-attempts');
    if (isLimited || isHeld || isOpen) this.#engine.spend(task);
  }

  #wakeAt(instantMs: number): void {
    if (this.#stopped || instantMs === Infinity) return;
    const waitMs = Math.min(MAX_TIMER_MS, Math.max(1, instantMs - Date.now()));
    this.#timer = setTimeout(() => this.#claimDue(), waitMs);
  }

  #dueAtMsOf(task: Task): number {
    const { mutants } = this.#settings;
    if (mutants.has('scheduled-early') && task.attempt === 0) return task.dueAtMs - 400;
    const pauseMs = task.dueAtMs - (task.attempts.at(-1)?.endedAtMs ?? task.dueAtMs);
    if (mutants.has('long-pause-cut') && pauseMs > 1500) return task.dueAtMs - 1000;
    const isScheduled = task.dueAtMs > task.createdAtMs && task.attempt === 0;
    return isScheduled && mutants.has('due-task-late') ? task.dueAtMs + 1500 : task.dueAtMs;
  }

  /** The highest priority first, among equals the earliest. Spec: TIM-010. */
  #inOrder(due: readonly Task[]): readonly Task[] {
    if (this.#settings.mutants.has('priority-ignored')) return due.toSorted((a, b) => a.seq - b.seq);
    const unordered = this.#settings.mutants.has('due-order-ignored');
    return due.toSorted(
      (a, b) => b.priority - a.priority || (unordered ? 0 : a.dueAtMs - b.dueAtMs) || a.seq - b.seq,
    );
  }

  /** Never, but for a mutant: every attempt has a socket of its own and waits for nobody. Spec: TIM-011. */
  #isStuck({ target }: Task): boolean {
    if (!this.#settings.mutants.has('stuck-target-blocks-others')) return false;
    const inFlight = new Map<string, number>();
    for (const each of this.#flights.values()) inFlight.set(each, (inFlight.get(each) ?? 0) + 1);
    return [...inFlight].some(([other, count]) => other !== target && count >= STUCK_IN_FLIGHT);
  }

  /** A few attempts of one queue and flow key at a time, so that the order of the claims shows. Spec: TIM-010. */
  #hasRoom({ queue, flowKey }: Task): boolean {
    const most = this.#settings.mutants.has('circuit-returns-at-once') ? Infinity : LANE_IN_FLIGHT;
    return (this.#inFlight.get(`${queue} ${flowKey}`) ?? 0) < most;
  }

  #count({ queue, flowKey }: Task, change: 1 | -1): void {
    const lane = `${queue} ${flowKey}`;
    this.#inFlight.set(lane, (this.#inFlight.get(lane) ?? 0) + change);
  }

  #start(task: Task): void {
    const nowMs = Date.now();
    this.#flow.gates.start(task, nowMs);
    this.#flow.health.start(task, nowMs);
    const claimed = this.#engine.claim(task, this.#name);
    this.#count(task, 1);
    const inLine = this.#settings.mutants.has('claimed-tasks-wait-in-line');
    const flight = (inLine ? this.#behindOthers(claimed) : this.#attempt(claimed)).finally(() => {
      this.#flights.delete(flight);
      this.#count(task, -1);
      this.#flow.gates.end(task);
      this.#wake();
    });
    this.#flights.set(flight, task.target);
  }

  /** For a mutant: one attempt after the other in a queue, although all are claimed. */
  #behindOthers(task: Task): Promise<void> {
    const before = this.#lines.get(task.queue) ?? Promise.resolve();
    const own = before.then(() => this.#attempt(task));
    this.#lines.set(task.queue, own);
    return own;
  }

  async #attempt(task: Task): Promise<void> {
    const { mutants, variants } = this.#settings;
    if (variants.has('slow-and-uneven')) await this.#delay(Math.random() * 150);
    if (mutants.has('attempts-overlap')) this.#deliverOnceMore(task, 600, 'running');
    if (mutants.has('lease-of-two-seconds')) this.#loseLease(task, 1800);
    if (mutants.has('lease-not-renewed')) this.#loseLease(task, LEASE_OF_MUTANT_MS);
    const end = await this.#deliver(task);
    this.#flow.health.end(task, end, Date.now());
    if (variants.has('duplicate-after-crash')) await this.#delay(150);
    if (this.#killed) return;
    const settled = this.#engine.settle(task, end);
    if (settled?.state === 'completed' && mutants.has('delivered-again-after-2xx'))
      this.#deliverOnceMore(task, 100, 'completed');
    if (settled?.state === 'completed' && task.attempt === 2 && mutants.has('delivered-again-after-a-retry'))
      this.#deliverOnceMore(task, 100, 'completed');
    if (settled?.reason === 'rejected' && mutants.has('rejected-tried-once-more'))
      this.#deliverOnceMore(task, 100, 'failed');
    if (settled?.reason === 'exhausted' && mutants.has('exhausted-tried-once-more'))
      this.#deliverOnceMore(task, 100, 'failed');
  }

  /** For mutants: after a time the attempt counts as lost, although it is in flight. */
  #loseLease(task: Task, afterMs: number): void {
    void this.#delay(afterMs).then(() => {
      if (!this.#stopped) this.#engine.settle(task, { outcome: 'lease-lost', errorCode: 'lease-lost' });
    });
  }

  #deliver(task: Task): Promise<AttemptEnd> {
    return deliver(task, this.#settings, this.#abort.signal);
  }

  /** A delivery beside the attempt, for mutants; it is sent only if the task is then in a state. */
  #deliverOnceMore(task: Task, afterMs: number, inState: TaskState): void {
    const flight = this.#delay(afterMs).then(async () => {
      const found = this.#engine.table.find(task.id);
      if (!this.#stopped && found?.attempt === task.attempt && found.state === inState)
        await this.#deliver(task);
      this.#flights.delete(flight);
    });
    this.#flights.set(flight, task.target);
  }

  #delay(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#delays.delete(timer);
        resolve();
      };
      const timer = setTimeout(end, ms);
      this.#delays.set(timer, end);
    });
  }

  #endDelays(): void {
    for (const end of this.#delays.values()) end();
  }
}

function laneOf({ queue, flowKey }: Task): string {
  return `${queue} ${flowKey}`;
}
