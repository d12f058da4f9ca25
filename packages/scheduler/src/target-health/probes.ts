import { probePauseMs } from '@dispatchr/lifecycle';
import type { EndedProbe, TakenProbe } from '@dispatchr/store';
import type { Clock } from '../clock.ts';
import type { SchedulerStore } from '../contact.ts';

/** For how long a probe keeps others from probing, in milliseconds: a scheduler that died has it no longer. */
const PROBE_LEASE_MS = 35_000;

/** How often that is renewed while the probe is in flight, in milliseconds. */
const KEEP_EVERY_MS = 10_000;

/** Milliseconds in which a probe must find its task, else another scheduler may try. */
const UNSENT_MS = 2000;

interface Probe extends TakenProbe {
  readonly takenMs: number;
  keptMs: number;
  /** Of the task that is sent. */
  lease?: number;
}

/** The probes that this process has taken. Spec: HLD-022. */
export class Probes {
  readonly #store: SchedulerStore;
  readonly #clock: Clock;
  readonly #byOrigin = new Map<string, Probe>();

  constructor(store: SchedulerStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Takes the probe of an origin, unless it is in hand or somebody else's. */
  async take(origin: string): Promise<boolean> {
    if (this.#byOrigin.has(origin)) return false;
    const taken = await this.#store.takeProbe({ origin, leaseMs: PROBE_LEASE_MS });
    if (taken === undefined) return false;
    const nowMs = this.#clock.monotonicMs();
    this.#byOrigin.set(origin, { ...taken, takenMs: nowMs, keptMs: nowMs });
    return true;
  }

  /** Origins whose probe has no task yet. */
  unsent(): string[] {
    return [...this.#byOrigin].filter(([, { lease }]) => lease === undefined).map(([origin]) => origin);
  }

  isUnsent(origin: string): boolean {
    const probe = this.#byOrigin.get(origin);
    return probe !== undefined && probe.lease === undefined;
  }

  /** Makes a task the probe; false when there is none to be had. */
  send(origin: string, lease: number): boolean {
    const probe = this.#byOrigin.get(origin);
    if (probe === undefined || probe.lease !== undefined) return false;
    probe.lease = lease;
    return true;
  }

  /** Ends the probe whose task this lease is of; undefined when it is no probe's. */
  end(origin: string, lease: number, result: EndedProbe['result'], holdMs: number): EndedProbe | undefined {
    const ended = this.#byOrigin.get(origin);
    if (ended?.lease !== lease) return undefined;
    this.#byOrigin.delete(origin);
    const { probe, probes } = ended;
    const pauseMs = Math.max(holdMs, probePauseMs(result === 'failed' ? probes + 1 : 0));
    return { origin, probe, result, pauseMs };
  }

  /** Renews what is in flight, gives back what found no task, and forgets those whose circuit is open no longer. */
  async tend(openOrigins: ReadonlySet<string>): Promise<void> {
    const nowMs = this.#clock.monotonicMs();
    for (const [origin, taken] of this.#byOrigin) {
      const { probe, lease, takenMs, keptMs } = taken;
      if (!openOrigins.has(origin)) this.#byOrigin.delete(origin);
      else if (lease === undefined && nowMs - takenMs >= UNSENT_MS) {
        this.#byOrigin.delete(origin);
        await this.#store.endProbe({ origin, probe, result: 'unused', pauseMs: probePauseMs(0) });
      } else if (nowMs - keptMs >= KEEP_EVERY_MS) {
        taken.keptMs = nowMs;
        await this.#store.keepProbe({ origin, probe, leaseMs: PROBE_LEASE_MS });
      }
    }
  }
}
