/** What a scheduler has in hand at the moment. */
export interface Load {
  /** Attempts under way. */
  inFlight: number;
  /** Claimed tasks that wait for a slot. */
  buffered: number;
  /** Attempts that ended and are not settled yet. */
  settling: number;
  /** Attempts that ended in the last second. */
  endedPerSecond: number;
  /** Mean size of the tasks claimed last, in bytes; 0 before the first. */
  bytesPerTask: number;
}

/** Most tasks that are claimed ahead of a free slot; a claim of 500 was the cheapest per task. */
export const MAX_PREFETCH = 500;

/** Most bytes in one claim, and claimed ahead: a task may have a megabyte, and a claim has a deadline. */
const MAX_BYTES = 32 * 1024 * 1024;

/** Most tasks in a claim while nothing is known of their size; at a megabyte each it still fits a deadline. */
const MAX_FIRST_CLAIM = 100;

/** Tasks are claimed ahead for this many seconds of work, a quarter of what a claimed task may wait at most. */
const PREFETCH_SECONDS = 0.25;

/**
 * How many tasks to claim now, 0 for "not yet": enough for the free slots and for what the slots get through in a
 * moment. Slow targets thus get no queue in this process, and a claim is made only when it is worth the query.
 * What the database did not settle yet counts once it exceeds that, and so pushes back on claiming.
 */
export function claimSize(load: Load, concurrency: number): number {
  const { bytesPerTask } = load;
  const fitting = bytesPerTask === 0 ? MAX_FIRST_CLAIM : Math.max(1, Math.floor(MAX_BYTES / bytesPerTask));
  const prefetch = Math.min(prefetchOf(load.endedPerSecond), fitting);
  const full = concurrency + prefetch;
  const room = full - load.inFlight - load.buffered - Math.max(0, load.settling - full);
  return room >= Math.max(1, prefetch / 2) ? Math.min(room, fitting) : 0;
}

/** How many tasks to claim ahead of free slots where so many attempts end a second. */
export function prefetchOf(endedPerSecond: number): number {
  return Math.floor(Math.min(MAX_PREFETCH, endedPerSecond * PREFETCH_SECONDS));
}
