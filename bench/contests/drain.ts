import { openBareUndici } from '../limits/bare-undici.ts';
import { openDrainingSide } from '../ours/draining-side.ts';
import { CPU_FIGURE } from '../world/cpu-figures.ts';
import { MEMORY_FIGURE } from '../world/peak-memory.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

/**
 * Deliveries that do not count: V8 compiles the last of a process's hot code only after some 40,000, and a worker's first
 * ones cost twice what all that follow do.
 */
export function warmUpOf(tasks: number): number {
  return 2 * tasks;
}

/** What is due already when the scheduler starts. */
export const drain: Contest = {
  name: 'drain',
  title: 'Drain of a backlog, one scheduler',
  figures: [RATE_FIGURE, CPU_FIGURE, MEMORY_FIGURE],
  compared: [RATE_FIGURE, CPU_FIGURE],
  subjects: ['dispatchr'],
  hasPeers: true,
  openSides(world, { tasks = 20_000 }) {
    const backlog = { tasks, warmUp: warmUpOf(tasks) };
    return openEach([
      () => openDrainingSide(world, backlog),
      () => openBareUndici(world, backlog.tasks, backlog.warmUp),
    ]);
  },
};
