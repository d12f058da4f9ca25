import type { ReceivedClaim } from '../history.ts';
import { LimitsOverTime, type Period } from './limits-over-time.ts';
import type { Stories, TaskStory, Violation } from './stories.ts';

/** Milliseconds after a pause in which what was claimed before it may still be sent. Spec: QUE-020. */
const STILL_SENT_MS = 1000;

/**
 * QUE-020: nothing is claimed from a queue that is paused, and what was claimed before is sent within a second, but for
 * what an operator runs. A claim whose answer was slow counts from when it came.
 */
export function pausedQueuesRest({ history, tasks }: Stories): Violation[] {
  const limits = new LimitsOverTime(history);
  const queues = new Set(history.settings.map(({ queue }) => queue));
  const periodsOf = new Map([...queues].map((queue) => [queue, limits.periodsOf(queue)]));
  const received = new Map(
    history.receivedClaims.map((claim) => [`${claim.scheduler} ${claim.seq} ${claim.attempt}`, claim]),
  );
  return [...tasks.values()].flatMap((story) => {
    const periods = periodsOf.get(story.transitions.at(0)!.queue);
    return periods === undefined ? [] : whilePaused(story, periods, received);
  });
}

function whilePaused(
  { id, seq, attempts }: TaskStory,
  periods: readonly Period[],
  received: ReadonlyMap<string, ReceivedClaim>,
): Violation[] {
  return attempts.flatMap(({ claim, deliveries: [delivery] }) => {
    if (claim.isRun) return [];
    const atClaim = pauseAround(periods, claim.begunMs);
    if (atClaim !== undefined)
      return [
        { id, seq, what: `attempt ${claim.attempt} was claimed at ${claim.atMs}, paused since ${atClaim}` },
      ];
    const sinceMs = delivery && pauseAround(periods, delivery.sentMs);
    if (delivery === undefined || sinceMs === undefined) return [];
    const { receivedMs, askedMs } = received.get(`${claim.by} ${seq} ${claim.attempt}`)!;
    const lateMs = delivery.sentMs - sinceMs - (receivedMs - askedMs);
    return lateMs <= STILL_SENT_MS ? [] : [{ id, seq, what: `was sent ${lateMs} ms after the pause` }];
  });
}

/** Since when it is paused at an instant, whatever else was put meanwhile; undefined when it is not. */
function pauseAround(periods: readonly Period[], atMs: number): number | undefined {
  let since: number | undefined;
  for (const { fromMs, isPaused } of periods) {
    if (fromMs > atMs) break;
    since = isPaused ? (since ?? fromMs) : undefined;
  }
  return since;
}
