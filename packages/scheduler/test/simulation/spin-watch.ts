/** Tells who goes round in a loop that leads nowhere. */
export interface SpinWatch {
  /** Called for each time that is one too many, by who caused it. */
  note(atMs: number): void;
  /** What spins, once enough of them were seen. */
  readonly spun: Error | undefined;
}

/** So many callers are looked at: enough to tell the loop from what happens beside it. */
const WATCHED = 200;

/** A watch over what there may be `most` of. */
export function createSpinWatch(what: string, most: number): SpinWatch {
  const callers = new Map<string, number>();
  let watched = 0;
  let spun: Error | undefined;
  return {
    note(atMs) {
      if (spun !== undefined) return;
      watched += 1;
      const caller = callerOf(new Error());
      callers.set(caller, (callers.get(caller) ?? 0) + 1);
      if (watched < WATCHED) return;
      const [often, times] = [...callers].toSorted(([, a], [, b]) => b - a)[0]!;
      spun = new Error(
        `expected at most ${most} ${what}, got no end of them at ${atMs} ms; ${times} of the last ${watched} are asked for by\n${often}`,
      );
    },
    get spun() {
      return spun;
    },
  };
}

/** Without the watch itself and the virtual time. */
function callerOf({ stack = '' }: Error): string {
  return stack.split('\n').slice(3).join('\n');
}
