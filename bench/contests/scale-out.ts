import { openScaledSide } from '../ours/scaled-side.ts';
import type { Contest } from './contest.ts';
import { warmUpOf } from './drain.ts';
import { openEach } from './open-each.ts';

/** More processes on the same machine. */
export const scaleOut: Contest = {
  name: 'scale-out',
  title: 'Two recorders and two schedulers on the same machine',
  figures: [
    'submitted a second',
    'drained a second',
    'database, % of CPU, submit',
    'database, % of CPU, drain',
  ],
  compared: ['submitted a second', 'drained a second'],
  subjects: ['2 recorders + 2 schedulers'],
  hasPeers: false,
  openSides(world, { tasks = 20_000 }) {
    const backlog = { tasks, warmUp: warmUpOf(tasks) };
    return openEach([1, 2].map((count) => () => openScaledSide(world, count, backlog)));
  },
};
