import { openEnqueuingSide } from '../ours/enqueuing-side.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

/** From the begin of a producer's transaction, in which a task is enqueued, to the arrival of the task. */
export const enqueue: Contest = {
  name: 'enqueue',
  title: 'Start delay of tasks enqueued in a transaction, at 100 a second',
  figures: ['p50 (ms)', 'p99 (ms)'],
  compared: [],
  subjects: [],
  hasPeers: false,
  openSides: (world) => openEach([() => openEnqueuingSide(world)]),
};
