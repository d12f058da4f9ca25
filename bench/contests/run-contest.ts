import { type Summary, summarize } from '../report/summary.ts';
import type { Side } from '../world/side.ts';
import type { World } from '../world/world.ts';
import type { Contest, ContestOptions } from './contest.ts';
import { closeAll, openEach } from './open-each.ts';
import { play } from './play.ts';

/** Opens the sides of a contest, plays it, and closes them. */
export async function runContest(
  contest: Contest,
  world: World,
  options: ContestOptions,
  { rounds, withPeers }: { readonly rounds: number; readonly withPeers: boolean },
): Promise<Summary> {
  world.note(`${contest.name}: ${contest.title}`);
  const openers = [() => contest.openSides(world, options)];
  if (withPeers && contest.hasPeers) openers.push(() => openPeersOf(contest, world, options));
  const sides = await openEach(openers);
  try {
    const played = await play(sides, rounds, contest.figures, (text) => world.note(text));
    const names = sides.map(({ name }) => name);
    return summarize(contest, names, played);
  } finally {
    await closeAll(sides);
  }
}

/** Loaded only where they are asked for, with the clients that they need. */
async function openPeersOf(
  { name }: Contest,
  world: World,
  { tasks }: ContestOptions,
): Promise<readonly Side[]> {
  const { openPeers } = await import('../peers/index.ts');
  return openPeers(name, world, tasks === undefined ? {} : { tasks });
}
