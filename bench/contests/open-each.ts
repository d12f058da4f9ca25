import type { Side } from '../world/side.ts';

/** Opens sides one after the other; when one fails, those before are closed, so that no process stays behind. */
export async function openEach(openers: readonly (() => Promise<Side | readonly Side[]>)[]): Promise<Side[]> {
  const sides: Side[] = [];
  try {
    for (const open of openers) sides.push(...[await open()].flat());
    return sides;
  } catch (error) {
    await closeAll(sides);
    throw error;
  }
}

/** Closes them all, and then throws what any of them failed by. */
export async function closeAll(sides: readonly Side[]): Promise<void> {
  const closings = await Promise.allSettled(sides.map((side) => side.close()));
  for (const closing of closings) if (closing.status === 'rejected') throw closing.reason;
}
