import type { DueTasksClaim } from '@dispatchr/store';
import { prefetchOf } from './claim-size.ts';
import type { Clock } from './clock.ts';
import { originShare } from './origin-share.ts';
import { createRecentRate, type RecentRate } from './recent-rate.ts';

/** What this process has in hand of the tasks for one origin. */
export interface OriginInHand {
  /** Claimed tasks that wait for a slot. */
  waiting: number;
  /** Attempts under way. */
  inFlight: number;
  /** Attempts that ended. */
  readonly ended: RecentRate;
}

/** The part of a claim that speaks of origins. */
export type OriginLimits = Pick<
  DueTasksClaim,
  'exceptOrigins' | 'originLimits' | 'otherOriginLimit' | 'heldOrigins' | 'heldUrls'
>;

/** What is held at the moment, and what may be claimed in spite of it. */
export interface HeldNow {
  readonly origins: readonly string[];
  readonly urls: readonly { readonly origin: string; readonly url: string }[];
  /** One task of each is wanted, to probe with. */
  readonly probed: readonly string[];
  /** Most tasks in hand of origins that return. */
  readonly returning: readonly { readonly origin: string; readonly most: number }[];
}

/** Counts what is in hand for each origin, and says which may have more. */
export class OriginsInHand {
  readonly #concurrency: number;
  readonly #clock: Clock;
  readonly #byName = new Map<string, OriginInHand>();
  #inFlight = 0;

  constructor(concurrency: number, clock: Clock) {
    this.#concurrency = concurrency;
    this.#clock = clock;
  }

  /** A task for the origin waits for a slot. */
  add(name: string): OriginInHand {
    let origin = this.#byName.get(name);
    if (origin === undefined) {
      origin = { waiting: 0, inFlight: 0, ended: createRecentRate(this.#clock) };
      this.#byName.set(name, origin);
    }
    origin.waiting += 1;
    return origin;
  }

  /** A task waits no longer, and is not attempted. */
  remove(origin: OriginInHand): void {
    origin.waiting -= 1;
  }

  /** A task that waited is attempted. */
  start(origin: OriginInHand): void {
    origin.waiting -= 1;
    origin.inFlight += 1;
    this.#inFlight += 1;
  }

  /** An attempt ended. */
  end(origin: OriginInHand): void {
    origin.inFlight -= 1;
    this.#inFlight -= 1;
    origin.ended.count();
  }

  /** Whether there is a slot for another attempt. */
  maySend({ inFlight }: OriginInHand): boolean {
    const free = this.#free();
    return free > 0 && inFlight < originShare(inFlight, free);
  }

  /** Whether more tasks for the origin are worth claiming; what was never seen has room. */
  hasRoom(name: string): boolean {
    const origin = this.#byName.get(name);
    return origin === undefined || this.#room(origin) > 0;
  }

  /** The limits of a claim where some is held: what is held is left out, whatever is in hand of it. */
  claimLimitsBeside(held: HeldNow, endedPerSecond: number): OriginLimits {
    const limits = this.claimLimits(endedPerSecond);
    if (held.origins.length + held.urls.length + held.probed.length + held.returning.length === 0)
      return limits;
    const roomOf = new Map(limits.originLimits.map(({ origin, limit }) => [origin, limit]));
    const full = new Set(limits.exceptOrigins);
    const heldOrigins = new Set(held.origins);
    for (const origin of held.probed) roomOf.set(origin, 1 - (this.#byName.get(origin)?.waiting ?? 0));
    for (const { origin, most } of held.returning) {
      const { waiting = 0, inFlight = 0 } = this.#byName.get(origin) ?? {};
      const room = full.has(origin) ? 0 : (roomOf.get(origin) ?? limits.otherOriginLimit);
      roomOf.set(origin, Math.min(room, most - waiting - inFlight));
    }
    for (const [origin, room] of roomOf) if (room <= 0) heldOrigins.add(origin);
    const isLeftOut = (origin: string): boolean => heldOrigins.has(origin) || held.probed.includes(origin);
    return {
      exceptOrigins: limits.exceptOrigins.filter((origin) => !isLeftOut(origin)),
      originLimits: [...roomOf]
        .filter(([origin]) => !heldOrigins.has(origin))
        .map(([origin, limit]) => ({ origin, limit })),
      otherOriginLimit: limits.otherOriginLimit,
      heldOrigins: [...heldOrigins],
      heldUrls: held.urls,
    };
  }

  /** How much a claim may bring of each origin, where attempts of all origins end so often. */
  claimLimits(endedPerSecond: number): OriginLimits {
    const exceptOrigins: string[] = [];
    const originLimits: { origin: string; limit: number }[] = [];
    for (const [name, origin] of this.#byName) {
      const room = this.#room(origin);
      if (origin.waiting + origin.inFlight + origin.ended.perSecond() === 0) this.#byName.delete(name);
      else if (room <= 0) exceptOrigins.push(name);
      else originLimits.push({ origin: name, limit: room });
    }
    const otherOriginLimit = originShare(0, this.#free()) + prefetchOf(endedPerSecond);
    return { exceptOrigins, originLimits, otherOriginLimit };
  }

  /** Below 0 when the share or the rate shrank after a claim. */
  #room({ waiting, inFlight, ended }: OriginInHand): number {
    return originShare(inFlight, this.#free()) + prefetchOf(ended.perSecond()) - waiting - inFlight;
  }

  #free(): number {
    return this.#concurrency - this.#inFlight;
  }
}
