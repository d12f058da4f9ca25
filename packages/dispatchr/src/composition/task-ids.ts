import { randomFillSync } from 'node:crypto';
import { v7 as timeOrderedId } from 'uuid';

/** Random bytes of one id. */
const BYTES = 16;
const IDS_AT_ONCE = 256;

/**
 * Makes a source of UUIDs of version 7. It draws the random bytes of many ids at once: a call to the system's
 * generator costs several times what the rest of an id does.
 */
export function createTaskIds(): () => string {
  const pool = new Uint8Array(BYTES * IDS_AT_ONCE);
  let used = pool.length;
  return () => {
    if (used === pool.length) {
      randomFillSync(pool);
      used = 0;
    }
    used += BYTES;
    return timeOrderedId({ random: pool.subarray(used - BYTES, used) });
  };
}
