import { flowLimitsOf, type GateCount, type Limits, roomOf } from './limits.ts';

/** What a pending task can wait for; of those that are true the first is told. Spec: WHY-002. */
export const WAITING_REASONS = [
  'not-due',
  'no-scheduler',
  'queue-paused',
  'circuit-open',
  'target-held-back',
  'queue-concurrency',
  'flow-concurrency',
  'queue-rate',
  'flow-rate',
  'ready',
] as const;

/** One of {@link WAITING_REASONS}. */
export type WaitingReason = (typeof WAITING_REASONS)[number];

/** What is known of an origin, or of a single URL, that is not delivered to as usual. */
export interface HeldFacts {
  readonly state: 'held-back' | 'circuit-open' | 'returning';
  /** Milliseconds to the end of a hold-back, or to the next probe; may be negative. */
  readonly untilInMs: number;
}

/** What decides why a pending task waits, all of one moment. */
export interface WaitingFacts {
  /** Milliseconds until its `dueAt`; 0 or less once it is due. */
  readonly dueInMs: number;
  /** Whether an operator runs it: past a pause, a rate or a hold-back, but never past concurrency. */
  readonly isRun: boolean;
  /** Whether any scheduler was seen lately. */
  readonly isSchedulerAlive: boolean;
  readonly isQueuePaused: boolean;
  /** Of its target's origin; absent while that is healthy. */
  readonly heldOrigin?: HeldFacts;
  /** Of its target's URL itself. */
  readonly heldUrl?: HeldFacts;
  readonly queueLimits: Limits;
  /** What the queue's gate has counted; absent where it has none, and so nothing. */
  readonly queueCount?: GateCount;
  /** The flow key's own limits. */
  readonly ownFlowLimits: Limits;
  /** What its queue lets each flow key have that has no limit of its own. */
  readonly queueFlowLimits: Limits;
  /** What the flow key's gate has counted; absent where it has none, and so nothing. */
  readonly flowCount?: GateCount;
  /** Due tasks of the same queue and flow key that are claimed before it. */
  readonly before: number;
}

/** Why a pending task is not running. */
export interface Waiting {
  readonly reason: WaitingReason;
  /** Milliseconds until the reason ends, 0 or more; absent where nobody knows. Spec: WHY-003. */
  readonly untilInMs?: number;
  /** Due tasks that are claimed before it, with `ready` alone. Spec: WHY-004. */
  readonly before?: number;
}

/** The first reason of WHY-002 that is true. An origin that is `returning` is delivered to: its tasks are ready. */
export function waitingOf(facts: WaitingFacts): Waiting {
  if (facts.dueInMs > 0) return { reason: 'not-due', untilInMs: facts.dueInMs };
  if (!facts.isSchedulerAlive) return { reason: 'no-scheduler' };
  return (
    (facts.isRun ? undefined : heldBy(facts)) ?? limitedBy(facts) ?? { reason: 'ready', before: facts.before }
  );
}

/** What nobody waits for whom an operator runs, beside rates. Spec: CAN-013, WHY-006. */
function heldBy({ isQueuePaused, heldOrigin, heldUrl }: WaitingFacts): Waiting | undefined {
  if (isQueuePaused) return { reason: 'queue-paused' };
  // A probe that is overdue, or under way, is as good as sent: the circuit may close any moment.
  if (heldOrigin?.state === 'circuit-open')
    return { reason: 'circuit-open', untilInMs: Math.max(0, heldOrigin.untilInMs) };
  const untilInMs = Math.max(heldBackForMs(heldOrigin), heldBackForMs(heldUrl));
  return untilInMs > 0 ? { reason: 'target-held-back', untilInMs } : undefined;
}

function heldBackForMs(held: HeldFacts | undefined): number {
  return held?.state === 'held-back' ? held.untilInMs : 0;
}

function limitedBy(facts: WaitingFacts): Waiting | undefined {
  const queue = roomOf(facts.queueLimits, facts.queueCount ?? NOTHING_COUNTED);
  const flow = roomOf(
    flowLimitsOf(facts.ownFlowLimits, facts.queueFlowLimits),
    facts.flowCount ?? NOTHING_COUNTED,
  );
  if (queue.full === 'concurrency') return { reason: 'queue-concurrency' };
  if (flow.full === 'concurrency') return { reason: 'flow-concurrency' };
  if (facts.isRun) return undefined;
  if (queue.full === 'rate') return { reason: 'queue-rate', untilInMs: queue.nextInMs ?? 0 };
  if (flow.full === 'rate') return { reason: 'flow-rate', untilInMs: flow.nextInMs ?? 0 };
  return undefined;
}

const NOTHING_COUNTED: GateCount = { inFlight: 0, tatInMs: -1 };
