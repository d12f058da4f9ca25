/** Says when claims may be made that leave origins out: each reads past all tasks of those origins. */
export interface PartialClaims {
  /** Milliseconds until the next one, at a moment on the monotonic clock; 0 or less for now. */
  nextInMs(nowMs: number): number;
  /** One was made: when the look before it began, when it began itself, and when it ended. */
  made(lookedMs: number, startedMs: number, endedMs: number): void;
}

/** How many times as long as reading past tasks took no such claim follows: it takes a tenth of the time at most. */
const PAUSES = 9;

/** Milliseconds that any claim may take; what is beyond counts as reading past tasks, about 2 µs each. */
const FREE_MS = 10;

/** Looks that any claim may take: a look reads past nothing, and so tells how busy the machine is. */
const FREE_LOOKS = 4;

/** How many are remembered: the shortest of them counts, because any single one may have been held up. */
const REMEMBERED = 8;

/** Claims that leave origins out, paced by how long they read past tasks. */
export function createPartialClaims(): PartialClaims {
  const readingMs: number[] = [];
  let nextMs = -Infinity;
  return {
    nextInMs: (nowMs) => nextMs - nowMs,
    made(lookedMs, startedMs, endedMs) {
      const lookMs = startedMs - lookedMs;
      readingMs.push(Math.max(0, endedMs - startedMs - FREE_MS - FREE_LOOKS * lookMs));
      if (readingMs.length > REMEMBERED) readingMs.shift();
      nextMs = endedMs + PAUSES * Math.min(...readingMs);
    },
  };
}
