import { flowLimitsOf, isLimited, rateOf, roomOf, type GateCount, type Limits } from '@dispatchr/lifecycle';
import type {
  DueFlowKey,
  DueQueue,
  FlowKeySearch,
  FlowKeyShare,
  FlowKeysFound,
  Gate,
} from '@dispatchr/store';
import { shareTurns } from './share-capacity.ts';

/** What a queue may claim by flow keys. */
export interface KeyedQuota {
  readonly queue: DueQueue;
  readonly quota: number;
}

/** What to claim of one queue by flow keys. */
export interface KeyedClaim {
  readonly shares: readonly FlowKeyShare[];
  readonly gates: readonly Gate[];
  /** Gates that are not there yet. */
  readonly missing: readonly Gate[];
  /** Milliseconds until flow keys whose rate is used up are worth a look; Infinity when none is. */
  readonly moreInMs: number;
}

/** Keys looked at for each task that may be claimed: some have nothing due. */
const KEYS_PER_TASK = 4;
/** Fewest keys looked at, so that a small quota finds those with something due. */
const FEWEST_KEYS = 16;
/** Most keys looked at in one claim; at about 5 µs each they cost less than the claim. */
const MOST_KEYS = 500;

/** Whose turn it is among the flow keys of each queue. */
export class FlowKeyTurns {
  /** The flow key that was served last; those behind it are next. */
  readonly #after = new Map<string, string>();

  /** Where to look for the keys whose turn it is. */
  search({ queue: { queue, priorities, sinces }, quota }: KeyedQuota): FlowKeySearch {
    const most = Math.min(MOST_KEYS, Math.max(FEWEST_KEYS, quota * KEYS_PER_TASK));
    const after = this.#after.get(queue) ?? '';
    return { queue, priorities, ...(sinces && { sinces }), after, most };
  }

  /** Whether the next search begins with the first key. */
  isAtStart(queue: string): boolean {
    return !this.#after.has(queue);
  }

  /** Shares a queue's quota among the keys that were found, and moves the turn behind the last that gets something. */
  share({ queue, quota }: KeyedQuota, { flowKeys, last }: FlowKeysFound): KeyedClaim {
    const keys = flowKeys.map((key) => withRoom(key, queue));
    const parts = shareTurns(
      keys.map(({ room }) => room.room),
      quota,
    );
    const served = keys.flatMap((key, index) => ({ ...key, quota: parts[index] ?? 0 }));
    const hungry = served.findIndex(({ room, quota: part }) => room.room > 0 && part === 0);
    this.#moveTo(queue.queue, hungry > 0 ? served[hungry - 1]?.flowKey : last);
    const shares = served.filter(({ quota: part }) => part > 0);
    const ofKeys = shares.filter(({ limits }) => isLimited(limits));
    return {
      shares: shares.map(({ flowKey, quota: part }) => ({
        queue: queue.queue,
        flowKey,
        quota: part,
        queueQuota: quota,
        priorities: queue.priorities,
        version: queue.version,
      })),
      gates: ofKeys.map(({ gate }) => gate),
      missing: ofKeys.filter(({ count }) => count === undefined).map(({ gate }) => gate),
      moreInMs: Math.min(...keys.map(({ room }) => room.moreInMs ?? Infinity)),
    };
  }

  /** Forgets queues that have nothing to claim. */
  keepOnly(queues: ReadonlySet<string>): void {
    for (const queue of this.#after.keys()) if (!queues.has(queue)) this.#after.delete(queue);
  }

  #moveTo(queue: string, flowKey: string | undefined): void {
    if (flowKey === undefined) this.#after.delete(queue);
    else this.#after.set(queue, flowKey);
  }
}

/** What has never been counted. */
export const NOTHING_COUNTED: GateCount = { inFlight: 0, tatInMs: -1 };

/** The gate of limits, as a claim enforces it. */
export function gateOf(queue: string, flowKey: string, { maxConcurrency, rateLimit }: Limits): Gate {
  return {
    queue,
    flowKey,
    ...(maxConcurrency !== undefined && { maxConcurrency }),
    ...(rateLimit && { rate: rateOf(rateLimit) }),
  };
}

function withRoom({ flowKey, ownLimits, count }: DueFlowKey, { queue, settings }: DueQueue) {
  const limits = flowLimitsOf(ownLimits, settings.flowLimits ?? {});
  return {
    flowKey,
    count,
    limits,
    room: roomOf(limits, count ?? NOTHING_COUNTED),
    gate: gateOf(queue, flowKey, limits),
  };
}
