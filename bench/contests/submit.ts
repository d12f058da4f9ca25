import { openBareFastify } from '../limits/bare-fastify.ts';
import { openBareInsert } from '../limits/bare-insert.ts';
import { openSubmittingSide } from '../ours/submitting-side.ts';
import { CPU_FIGURE } from '../world/cpu-figures.ts';
import { MEMORY_FIGURE } from '../world/peak-memory.ts';
import { RATE_FIGURE } from '../world/submitted-figures.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';

const FIGURES = [RATE_FIGURE, 'p50 (ms)', 'p99 (ms)', CPU_FIGURE, MEMORY_FIGURE];

/** One task a request. */
export const submit: Contest = {
  name: 'submit',
  title: 'Submit, one task a request, 64 in flight',
  figures: FIGURES,
  compared: [RATE_FIGURE, CPU_FIGURE],
  subjects: ['dispatchr'],
  hasPeers: true,
  openSides(world, { tasks = 20_000 }) {
    const work = { tasks, batch: 1, inFlight: 64 };
    return openEach([
      () => openSubmittingSide(world, work),
      () => openBareFastify(world, tasks),
      () => openBareInsert('bare insert', world, work),
    ]);
  },
};

/** A hundred tasks a request. */
export const batch: Contest = {
  name: 'batch',
  title: 'Submit, batches of 100, 4 in flight',
  figures: FIGURES,
  compared: [RATE_FIGURE, CPU_FIGURE],
  subjects: ['dispatchr'],
  hasPeers: true,
  openSides(world, { tasks = 60_000 }) {
    const work = { tasks: Math.ceil(tasks / 100) * 100, batch: 100, inFlight: 4 };
    return openEach([
      () => openSubmittingSide(world, work),
      () => openBareInsert('bare batched insert', world, work),
    ]);
  },
};
