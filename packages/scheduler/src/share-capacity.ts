import type { Lane } from '@dispatchr/store';

/** A lane with the number of tasks to claim in it at most. */
export type LaneShare = Lane & { limit: number };

/** How a round of claiming differs from the ones before it. */
export interface Round {
  /** Sum of the capacities shared before; with it queues take turns at what does not divide evenly. */
  offset: number;
  /** Over how many priorities of one queue its share is spread; 1 is strict priority. */
  spread: number;
}

/**
 * Shares `capacity` among the lanes with due tasks: each queue gets the same, and inside a queue the highest
 * priorities come first. The limits add up to `capacity` at most, and none is 0.
 */
export function shareCapacity(
  lanes: readonly Lane[],
  capacity: number,
  { offset, spread }: Round,
): LaneShare[] {
  const queues = lanesByQueue(lanes);
  const first = queues.length === 0 ? 0 : offset % queues.length;
  const inTurn = [...queues.slice(first), ...queues.slice(0, first)];
  return inTurn.flatMap((ofQueue, index) => {
    const share = evenPart(capacity, queues.length, index);
    const highest = ofQueue.toSorted((a, b) => b.priority - a.priority).slice(0, spread);
    return highest
      .map((lane, rank) => ({ ...lane, limit: evenPart(share, highest.length, rank) }))
      .filter((lane) => lane.limit > 0);
  });
}

function lanesByQueue(lanes: readonly Lane[]): Lane[][] {
  const queues = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const known = queues.get(lane.queue);
    if (known === undefined) queues.set(lane.queue, [lane]);
    else known.push(lane);
  }
  return [...queues.values()];
}

/** Part `index` of `total` cut into whole parts that differ by 1 at most, the larger ones first. */
function evenPart(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
