import { openIdleSide } from '../ours/idle-side.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

/** What an installation costs that has nothing to do. */
export const idle: Contest = {
  name: 'idle',
  title: 'Idle for 20 s, then 20 single tasks at random moments',
  figures: ['statements a second', 'p50 (ms)', 'p99 (ms)'],
  compared: [],
  subjects: [],
  hasPeers: false,
  openSides: (world) => openEach([() => openIdleSide(world)]),
};
