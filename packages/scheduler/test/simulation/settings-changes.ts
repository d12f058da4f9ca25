import type { ChangeOf, QueueSettings } from '@dispatchr/store';
import type { Limits } from '@dispatchr/lifecycle';
import { createRandom, type Random } from './random.ts';
import { QUEUES } from './task-plans.ts';

/** What operators do to queues while a run lasts. */
export const CHANGE_KINDS = [
  'limit',
  'limit-flow-keys',
  'limit-one-flow-key',
  'weigh',
  'lift',
  'pause',
] as const;

/** A change of a queue that is to happen. */
export interface PlannedChange {
  readonly kind: (typeof CHANGE_KINDS)[number];
  readonly atMs: number;
  /** Decides what is put, and to which queue. */
  readonly pick: number;
}

/** What is put at an instant. */
export interface Put {
  readonly atMs: number;
  readonly queue: string;
  readonly flowKey?: string;
  readonly change: ChangeOf<QueueSettings> | ChangeOf<Limits>;
}

/** The first queue is never limited. */
const LIMITED = QUEUES.slice(1);

/** The puts that a change comes to: a pause ends again. */
export function putsOf({ kind, atMs, pick }: PlannedChange): Put[] {
  const random = createRandom(pick, kind);
  const queue = random.pick(LIMITED);
  if (kind === 'pause') {
    const resumeMs = atMs + random.between(500, 9000);
    return [
      { atMs, queue, change: { paused: true } },
      { atMs: resumeMs, queue, change: { paused: false } },
    ];
  }
  if (kind === 'limit') return [{ atMs, queue, change: limitsOf(random) }];
  if (kind === 'limit-flow-keys')
    return [{ atMs, queue, change: { flowLimits: limitsOf(random) as Limits } }];
  if (kind === 'weigh') return [{ atMs, queue, change: { weight: random.whole(1, 20) } }];
  const flowKey = `flow-${random.whole(0, 3)}`;
  if (kind === 'limit-one-flow-key') return [{ atMs, queue, flowKey, change: limitsOf(random) }];
  return [
    { atMs, queue, change: { maxConcurrency: null, rateLimit: null, flowLimits: null } },
    { atMs, queue, flowKey, change: { maxConcurrency: null, rateLimit: null } },
  ];
}

/** Enough for what is delivered in a run to come through after it. */
function limitsOf(random: Random): ChangeOf<Limits> {
  return {
    ...(random.chance(0.6) && { maxConcurrency: random.whole(2, 12) }),
    ...(random.chance(0.6) && { rateLimit: { perSecond: random.pick([0.5, 1, 4, 20]), ...burstOf(random) } }),
  };
}

function burstOf(random: Random): { burst?: number } {
  return random.chance(0.5) ? { burst: random.pick([1, 2, 5, 12]) } : {};
}

/** What is put once the faults are over: nothing is paused for ever, and what is left comes through in minutes. */
export const LAST_PUTS: readonly Put[] = LIMITED.map((queue, index) => {
  const limits = { maxConcurrency: 8 * index, rateLimit: { perSecond: 10 } };
  return { atMs: 0, queue, change: { paused: false, flowLimits: null, ...(index === 0 ? {} : limits) } };
});
