import type { RunContext } from '../run-context.ts';
import type { TaskHistory } from '../task-history.ts';

/** I14: memory, file descriptors and requests in flight stay within their bounds. */
export const BOUNDS_SENTENCE = 'memory, file descriptors and in-flight requests stay within their bounds';

/** Resident memory of a process, in bytes: about twice what an idle Node process with its heap limits needs. */
const MAX_RESIDENT_BYTES = 400e6;

/** Two connections a slot, the pool, and Node's own. */
const MAX_FILE_DESCRIPTORS = 512;

/** Requests in flight of one scheduler: its concurrency, 100 by default. */
const MAX_IN_FLIGHT = 100;

/** Deliveries are counted by tenths of a second: only what lasts a whole one is sure to overlap with the others in it. */
const BIN_MS = 100;

/** Watches the requests in flight of each scheduler, task by task. */
export interface Bounds {
  collect(task: TaskHistory): void;
  violations(run: RunContext): string[];
}

/** The bounds of one run; what it keeps grows with the length of the run and not with its tasks. */
export function createBounds(): Bounds {
  const changes = new Map<string, Map<number, number>>();
  const add = (scheduler: string, bin: number, by: number): void => {
    const bins = changes.get(scheduler) ?? new Map<number, number>();
    changes.set(scheduler, bins.set(bin, (bins.get(bin) ?? 0) + by));
  };
  return {
    collect({ attempts }) {
      for (const { scheduler, deliveries, end } of attempts)
        for (const { received, answered } of deliveries) {
          const from = Math.ceil(received.at / BIN_MS);
          // A target may notice late that its peer went away; the scheduler settled when it was over.
          const until = Math.floor(Math.min(answered?.at ?? Infinity, end?.at ?? Infinity) / BIN_MS);
          if (until <= from) continue;
          add(scheduler, from, 1);
          if (until < Infinity) add(scheduler, until, -1);
        }
    },
    violations(run) {
      return [...resourceViolations(run), ...[...changes].flatMap(([id, bins]) => inFlight(run, id, bins))];
    },
  };
}

function resourceViolations({ peaks }: RunContext): string[] {
  return [...peaks].flatMap(([name, { residentBytes, fileDescriptors }]) => [
    ...(residentBytes > MAX_RESIDENT_BYTES ? [`${name} took ${Math.round(residentBytes / 1e6)} MB`] : []),
    ...(fileDescriptors > MAX_FILE_DESCRIPTORS ? [`${name} had ${fileDescriptors} descriptors open`] : []),
  ]);
}

function inFlight(run: RunContext, scheduler: string, bins: ReadonlyMap<number, number>): string[] {
  let open = 0;
  let most = 0;
  for (const bin of [...bins.keys()].toSorted((a, b) => a - b)) {
    open += bins.get(bin) ?? 0;
    most = Math.max(most, open);
  }
  return most > MAX_IN_FLIGHT
    ? [`${run.schedulerName(scheduler)} (${scheduler}) had ${most} requests in flight`]
    : [];
}
