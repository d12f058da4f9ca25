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
  /** Mean size of the tasks claimed last, in bytes. */
  bytesPerTask: number;
}

/** Most tasks that are claimed ahead of a free slot; a claim of 500 was the cheapest per task. */
export const MAX_PREFETCH = 500;

/** Most bytes that are claimed ahead: a task may have a megabyte. */
const MAX_PREFETCH_BYTES = 32 * 1024 * 1024;

/** Tasks are claimed ahead for this many seconds of work, a quarter of what a claimed task may wait at most. */
const PREFETCH_SECONDS = 0.25;

/**
 * How many tasks to claim now, 0 for "not yet": enough for the free slots and for what the slots get through in a
 * moment. Slow targets thus get no queue in this process, and a claim is made only when it is worth the query.
 * What the database did not settle yet counts once it exceeds that, and so pushes back on claiming.
 */
export function claimSize(load: Load, concurrency: number): number {
  const fittingBytes = MAX_PREFETCH_BYTES / Math.max(1, load.bytesPerTask);
  const prefetch = Math.floor(Math.min(MAX_PREFETCH, fittingBytes, load.endedPerSecond * PREFETCH_SECONDS));
  const full = concurrency + prefetch;
  const room = full - load.inFlight - load.buffered - Math.max(0, load.settling - full);
  return room >= Math.max(1, prefetch / 2) ? room : 0;
}
