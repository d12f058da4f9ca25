import type { Random } from '../load/random.ts';

/** What can be said of a queue, by how it was set up. */
export const QUEUE_SITUATIONS = [
  'plain',
  'paused',
  'all-slots-taken',
  'rate-used-up',
  'flow-slots-taken',
  'flow-rate-used-up',
] as const;

/** What can be said of a target, by what it answered before. */
export const TARGET_SITUATIONS = ['healthy', 'url-held', 'origin-held', 'circuit-open'] as const;

/** The circumstances of a task, each of which is a reason to wait, or none. */
export interface Situation {
  readonly isDue: boolean;
  readonly queue: (typeof QUEUE_SITUATIONS)[number];
  readonly target: (typeof TARGET_SITUATIONS)[number];
  /** One of {@link FLOW_KEYS}. */
  readonly flowKey: string;
}

export const FLOW_KEYS: readonly string[] = ['a', 'b', 'c'];

const DUE_SHARE = 0.85;
/** Of the queues without a reason, for tasks that wait for nothing but their turn. */
const PLAIN_SHARE = 0.25;
/** Of the tasks that have a reason of their queue's: a healthy target lets it show. */
const HEALTHY_SHARE = 0.6;

/** Draws one. While schedulers run, one of its circumstances keeps the task from being delivered at once. */
export function drawSituation(random: Random, areSchedulersRunning: boolean): Situation {
  for (;;) {
    const situation: Situation = {
      isDue: random.chance(DUE_SHARE),
      queue: random.chance(PLAIN_SHARE) ? 'plain' : random.pick(QUEUE_SITUATIONS),
      target: random.chance(HEALTHY_SHARE) ? 'healthy' : random.pick(TARGET_SITUATIONS),
      flowKey: random.pick(FLOW_KEYS),
    };
    if (!areSchedulersRunning || trueReasonOf(situation, true) !== 'ready') return situation;
  }
}

/** The reason to wait that is true by construction: the first of those that hold, in the order of the specification. */
export function trueReasonOf({ isDue, queue, target }: Situation, isSchedulerAlive: boolean): string {
  if (!isDue) return 'not-due';
  if (!isSchedulerAlive) return 'no-scheduler';
  if (queue === 'paused') return 'queue-paused';
  if (target === 'circuit-open') return 'circuit-open';
  if (target !== 'healthy') return 'target-held-back';
  return OF_QUEUE[queue];
}

const OF_QUEUE: Readonly<Record<Exclude<Situation['queue'], 'paused'>, string>> = {
  plain: 'ready',
  'all-slots-taken': 'queue-concurrency',
  'flow-slots-taken': 'flow-concurrency',
  'rate-used-up': 'queue-rate',
  'flow-rate-used-up': 'flow-rate',
};
