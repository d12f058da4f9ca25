import type { Lane, QueueShare } from '@dispatchr/store';

/**
 * Shares `capacity` among the queues with due tasks, each of which gets the same; inside a queue the highest
 * priorities come first. The quotas add up to `capacity`, and none is 0.
 *
 * @param offset - sum of the capacities shared before: with it queues take turns at what does not divide evenly.
 */
export function shareCapacity(lanes: readonly Lane[], capacity: number, offset: number): QueueShare[] {
  const queues = prioritiesByQueue(lanes);
  const first = queues.length === 0 ? 0 : offset % queues.length;
  const inTurn = [...queues.slice(first), ...queues.slice(0, first)];
  return inTurn
    .map(([queue, priorities], index) => ({
      queue,
      quota: evenPart(capacity, queues.length, index),
      priorities: priorities.toSorted((a, b) => b - a),
    }))
    .filter(({ quota }) => quota > 0);
}

function prioritiesByQueue(lanes: readonly Lane[]): [string, number[]][] {
  const queues = new Map<string, number[]>();
  for (const { queue, priority } of lanes) {
    const known = queues.get(queue);
    if (known === undefined) queues.set(queue, [priority]);
    else known.push(priority);
  }
  return [...queues];
}

/** Part `index` of `total` cut into whole parts that differ by 1 at most, the larger ones first. */
function evenPart(total: number, parts: number, index: number): number {
  return Math.floor(total / parts) + (index < total % parts ? 1 : 0);
}
