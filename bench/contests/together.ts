import { IN_TWO_PROCESSES, openLiveSide } from '../ours/live-side.ts';
import { measureTogether } from '../ours/together.ts';
import { CPU_FIGURE } from '../world/cpu-figures.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

/** Submit and delivery at the same time. */
export const together: Contest = {
  name: 'together',
  title: 'Submit, 64 in flight, and delivery at the same time',
  figures: [RATE_FIGURE, 'submitted a second', CPU_FIGURE],
  compared: [RATE_FIGURE, CPU_FIGURE],
  subjects: [IN_TWO_PROCESSES],
  hasPeers: false,
  openSides: (world, { tasks = 20_000 }) =>
    openEach(
      [false, true].map(
        (inOneProcess) => () =>
          openLiveSide(world, inOneProcess, (live) => measureTogether(world, live, tasks)),
      ),
    ),
};
