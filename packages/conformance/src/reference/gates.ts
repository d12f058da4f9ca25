import type { MutantId } from '../selftest/mutants/index.ts';
import type { FlowLimits, RateLimit } from './queue-settings.ts';
import type { QueueTable } from './queue-table.ts';
import type { Task } from './task.ts';

const IGNORED = {
  queue: { concurrency: 'queue-concurrency-ignored', rate: 'queue-rate-ignored' },
  flow: { concurrency: 'flow-concurrency-ignored', rate: 'flow-rate-ignored' },
} as const;

/** Why a task may not start, and until when, as far as that is known. */
export interface Closed {
  readonly reason: string;
  readonly untilMs?: number;
}

/** What is in flight and what was started lately, of queues and of flow keys. */
export class Gates {
  readonly #queues: QueueTable;
  readonly #mutants: ReadonlySet<MutantId>;
  readonly #inFlight = new Map<string, number>();
  /** When all that was started would have been started at the pace of the rate. */
  readonly #paidUntilMs = new Map<string, number>();

  constructor(queues: QueueTable, mutants: ReadonlySet<MutantId>) {
    this.#queues = queues;
    this.#mutants = mutants;
  }

  /** What keeps a task from starting, the first of WHY-002; `undefined` if nothing does. */
  closed(task: Task, nowMs: number): Closed | undefined {
    const gates = this.#gatesOf(task);
    if (this.#mutants.has('flow-limits-shown-first')) gates.reverse();
    for (const { name, key, limits } of gates) {
      const most = limits.maxConcurrency ?? Infinity;
      const isRunAnyway = task.runAtMs !== undefined && this.#mutants.has('run-passes-concurrency');
      const ignored = this.#mutants.has(IGNORED[name].concurrency) || isRunAnyway;
      if ((this.#inFlight.get(key) ?? 0) >= most && !ignored) return { reason: `${name}-concurrency` };
    }
    if (task.runAtMs !== undefined && !this.#mutants.has('run-waits-for-rate')) return undefined;
    for (const { name, key, limits } of gates) {
      const untilMs = roomAtMs(limits.rateLimit, this.#paidUntilMs.get(key) ?? 0);
      if (untilMs > nowMs && !this.#mutants.has(IGNORED[name].rate))
        return { reason: `${name}-rate`, untilMs };
    }
    return undefined;
  }

  start(task: Task, nowMs: number): void {
    for (const { key, limits } of this.#gatesOf(task)) {
      this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) + 1);
      const { rateLimit } = limits;
      if (rateLimit === undefined) continue;
      const paidUntilMs = this.#paidUntilMs.get(key) ?? nowMs;
      const fromMs = this.#mutants.has('rate-saved-up') ? paidUntilMs : Math.max(nowMs, paidUntilMs);
      const slowness = this.#mutants.has('half-the-rate') ? 2 : 1;
      this.#paidUntilMs.set(key, fromMs + (slowness * 1000) / rateLimit.perSecond);
    }
  }

  end(task: Task): void {
    for (const { key } of this.#gatesOf(task)) this.#inFlight.set(key, (this.#inFlight.get(key) ?? 0) - 1);
  }

  #gatesOf({ queue, flowKey }: Task): Gate[] {
    return [
      { name: 'queue', key: queue, limits: this.#queues.of(queue) },
      { name: 'flow', key: `${queue} ${flowKey}`, limits: this.#queues.limitsOf(queue, flowKey) },
    ];
  }
}

interface Gate {
  readonly name: 'queue' | 'flow';
  readonly key: string;
  readonly limits: FlowLimits;
}

/** When the next start is within the rate. Spec: QUE-060. */
function roomAtMs(rate: RateLimit | undefined, paidUntilMs: number): number {
  if (rate === undefined) return 0;
  const { perSecond, burst = Math.ceil(perSecond) } = rate;
  return paidUntilMs - ((burst - 1) * 1000) / perSecond;
}
