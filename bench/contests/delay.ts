import { IN_TWO_PROCESSES, openLiveSide } from '../ours/live-side.ts';
import { measureStartDelay } from '../ours/start-delay.ts';
import { measureTogether } from '../ours/together.ts';
import { CPU_FIGURE } from '../world/cpu-figures.ts';
import type { Contest } from './contest.ts';
import { openEach } from './open-each.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';

const SECONDS = 10;

/** Tasks that each side, the peers too, submits and delivers before its first round: V8 compiles hot code only then. */
export const DELAY_WARM_UP = 20_000;

const SHOWN = {
  figures: ['p50 (ms)', 'p99 (ms)', CPU_FIGURE],
  compared: ['p50 (ms)', 'p99 (ms)'],
  subjects: [IN_TWO_PROCESSES],
};

/** From the submit of a task to its arrival, with little to do. */
export const delay: Contest = {
  name: 'delay',
  title: 'Start delay at 100 tasks a second',
  ...SHOWN,
  hasPeers: true,
  openSides: (world) => openDelaySides(world, 100),
};

/** From the submit of a task to its arrival, with much to do. */
export const delayAtHalf: Contest = {
  name: 'delay-half',
  title: 'Start delay at half of the capacity',
  ...SHOWN,
  hasPeers: false,
  async openSides(world, { perSecond }) {
    if (perSecond === undefined) {
      throw new Error(
        'expected the capacity for delay-half, got none: add --per-second N, or play together before',
      );
    }
    world.note(`  half of the capacity: ${Math.round(perSecond)} tasks a second`);
    return openDelaySides(world, perSecond);
  },
};

function openDelaySides(world: World, perSecond: number): Promise<readonly Side[]> {
  return openEach(
    [false, true].map((inOneProcess) => () => {
      let isWarm = false;
      return openLiveSide(world, inOneProcess, async (live) => {
        if (!isWarm) await measureTogether(world, live, DELAY_WARM_UP);
        isWarm = true;
        return measureStartDelay(world, live, perSecond, SECONDS);
      });
    }),
  );
}
