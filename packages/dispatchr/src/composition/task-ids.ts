import { randomFillSync } from 'node:crypto';
import { v7 as timeOrderedId } from 'uuid';

/** Random bytes of one id. */
const BYTES = 16;
const IDS_AT_ONCE = 256;
/** The counter of an id has 32 bits; each millisecond begins in its lower half, so that it never runs over. */
const COUNTER_START_MASK = 0x7f_ff_ff_ff;

/**
 * Makes a source of UUIDs of version 7, each greater than the one before: tasks of one commit are recorded in the order of
 * their ids. It draws the random bytes of many ids at once, as a call to the system's generator costs several times
 * what the rest of an id does.
 */
export function createTaskIds(): () => string {
  const pool = Buffer.alloc(BYTES * IDS_AT_ONCE);
  let used = pool.length;
  let msecs = 0;
  let seq = 0;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + BYTES);
    used += BYTES;
    const now = Date.now();
    // The wall clock may step back; ids do not.
    seq = now > msecs ? random.readUInt32BE(0) & COUNTER_START_MASK : seq + 1;
    msecs = Math.max(now, msecs);
    return timeOrderedId({ random, msecs, seq });
  };
}
