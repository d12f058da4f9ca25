import { THE_DATABASE, type FaultKind } from '../fault-kinds.ts';
import type { Call, Delivery, Fault, HoldChange } from '../history.ts';
import type { AttemptStory, Stories, Violation } from './stories.ts';

/** Milliseconds after which a hold that a scheduler has read of counts for what it sends. Spec: HLD-012. */
const COUNTS_AFTER_MS = 1000;

/** How far a scheduler's clock may be off since it last read of a hold, and milliseconds of rounding. */
const MOST_SKEW = 0.04;
const ROUNDING_MS = 10;

/** Milliseconds between two probes of one origin at the least. Spec: HLD-022. */
const BETWEEN_PROBES_MS = 1000;

/** What a look at held targets told: only of what was committed when it was asked for is a scheduler sure to know. */
class Looks {
  readonly #byScheduler: Map<string, Call[]>;

  constructor(calls: readonly Call[]) {
    const looks = calls.filter(
      ({ statement, answer }) => statement === 'find-held-targets' && answer === 'rows',
    );
    this.#byScheduler = Map.groupBy(looks, ({ process }) => process);
  }

  /** When the last look before an instant was asked for. */
  before(scheduler: string, atMs: number): number {
    const look = this.#byScheduler
      .get(scheduler)
      ?.findLast(({ answeredMs = Infinity }) => answeredMs <= atMs);
    return look?.askedMs ?? -Infinity;
  }
}

/** A time for which a key was in one state. */
interface Hold extends HoldChange {
  readonly sinceMs: number;
  readonly endedMs: number;
}

/** Changes that only move `until` go on with the same hold. */
function holdsOf(changes: readonly HoldChange[], state: HoldChange['state']): Hold[] {
  let sinceMs = Infinity;
  return changes.flatMap((change, index) => {
    if (change.state !== changes[index - 1]?.state) sinceMs = change.atMs;
    return change.state === state
      ? [{ ...change, sinceMs, endedMs: changes[index + 1]?.atMs ?? Infinity }]
      : [];
  });
}

interface Sent {
  readonly attempt: AttemptStory;
  readonly delivery: Delivery;
  readonly origin: string;
}

function sentByTarget({ tasks }: Stories): Sent[] {
  return [...tasks.values()].flatMap(({ attempts }) =>
    attempts
      .filter(({ claim }) => !claim.isRun)
      .flatMap((attempt) =>
        attempt.deliveries.map((delivery) => ({
          attempt,
          delivery,
          origin: new URL(delivery.target).origin,
        })),
      ),
  );
}

/** HLD-010 to HLD-012: what is held back is sent to nobody by who has read of it, until its time is over. */
export function heldTargetsRest(stories: Stories): Violation[] {
  const looks = new Looks(stories.history.calls);
  const changesOf = Map.groupBy(stories.history.holds, ({ key }) => key);
  const holds = new Map([...changesOf].map(([key, changes]) => [key, holdsOf(changes, 'held-back')]));
  return sentByTarget(stories).flatMap(({ delivery, origin }) => {
    const { id, scheduler, sentMs, sentDbMs, target } = delivery;
    return [origin, target].flatMap((key) => {
      const hold = holds.get(key)?.findLast(({ atMs, endedMs }) => atMs <= sentMs && sentMs < endedMs);
      if (hold === undefined || sentMs < hold.atMs + COUNTS_AFTER_MS) return [];
      const lookedMs = looks.before(scheduler, sentMs);
      const earlyMs = hold.untilDbMs - sentDbMs;
      if (lookedMs < hold.atMs || earlyMs <= (sentMs - lookedMs) * MOST_SKEW + ROUNDING_MS) return [];
      return [
        { id, what: `was sent to ${key} by ${scheduler} ${earlyMs} ms before the end of its hold-back` },
      ];
    });
  });
}

/** HLD-022: while a circuit is open at most one attempt at a time, and one a second, by those who know of it. */
export function openCircuitsAreProbed(stories: Stories): Violation[] {
  const looks = new Looks(stories.history.calls);
  const byOrigin = Map.groupBy(sentByTarget(stories), ({ origin }) => origin);
  return [...Map.groupBy(stories.history.holds, ({ key }) => key)].flatMap(([key, changes]) => {
    const periods = [...Map.groupBy(holdsOf(changes, 'circuit-open'), ({ sinceMs }) => sinceMs).values()];
    return periods.flatMap((period) => {
      const [sinceMs, endedMs] = [period[0]!.sinceMs, period.at(-1)!.endedMs];
      const probes = (byOrigin.get(key) ?? [])
        .filter(({ delivery: { sentMs } }) => sentMs > sinceMs + COUNTS_AFTER_MS && sentMs < endedMs)
        .filter(({ delivery: { scheduler, sentMs } }) => looks.before(scheduler, sentMs) > sinceMs)
        .toSorted((a, b) => a.delivery.sentMs - b.delivery.sentMs);
      return probes
        .slice(1)
        .flatMap((probe, index) => tooSoon(stories, probes[index]!.delivery, probe.delivery));
    });
  });
}

/** How long a probe keeps others from probing, in milliseconds, and some for slow calls. */
const PROBE_LEASE_MS = 40_000;

/**
 * Where a clock jumped, a process stood still or the database was away, a probe may have outlived its time unbeknown to
 * who sent it, and its end is then taken for the end of the next.
 */
function tooSoon({ faultsOf }: Stories, first: Delivery, second: Delivery): Violation[] {
  const { endedMs = Infinity, sentMs } = first;
  const apartMs = second.sentMs - sentMs;
  const isTooSoon = apartMs < BETWEEN_PROBES_MS - ROUNDING_MS;
  if (!isTooSoon && endedMs <= second.sentMs) return [];
  const isExcused = [first.scheduler, second.scheduler, THE_DATABASE].some((whom) =>
    (faultsOf.get(whom) ?? []).some(
      (fault) => EXCUSES.has(fault.kind) && within(fault, sentMs - PROBE_LEASE_MS, second.sentMs),
    ),
  );
  const how = isTooSoon ? 'after' : 'while it was under way,';
  return isExcused ? [] : [{ id: second.id, what: `was a probe ${how} ${apartMs} ms after ${first.id}` }];
}

const EXCUSES: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'database-clock-jump',
  'stall-briefly',
  'stall-past-lease',
  'database-outage',
  'database-silent',
  'answer-late',
  'answer-lost',
  'call-late',
  'call-lost',
  'cut-in-commit',
]);

function within({ fromMs, untilMs }: Fault, startMs: number, endMs: number): boolean {
  return fromMs <= endMs && untilMs >= startMs;
}

/** Milliseconds after which a scheduler that answers has let go of what nothing holds. */
const LET_GO_WITHIN_MS = 5000;

/** Milliseconds after the heal from which nothing keeps schedulers from it. */
const SETTLED_AFTER_MS = 20_000;

/** HLD-023: after the heal nothing stays parked for long that nothing holds. */
export function nothingStaysParked({ history, tasks }: Stories): Violation[] {
  const changesOf = Map.groupBy(history.holds, ({ key }) => key);
  const fromMs = history.healedMs + SETTLED_AFTER_MS;
  return [...tasks.values()].flatMap(({ id, seq, transitions }) =>
    transitions.flatMap(({ event, parkedFor, atMs }, index) => {
      if (event !== 'park' || parkedFor === null) return [];
      const untilMs = transitions[index + 1]?.atMs ?? history.endedMs;
      const freeMs = freeSince(changesOf.get(parkedFor) ?? [], untilMs);
      const parkedMs = untilMs - Math.max(fromMs, atMs, freeMs);
      if (parkedMs <= LET_GO_WITHIN_MS) return [];
      return [{ id, seq, what: `stayed parked for ${parkedFor} for ${parkedMs} ms after nothing held it` }];
    }),
  );
}

/** When the key was free for good before an instant; Infinity while it is held or returns. */
function freeSince(changes: readonly HoldChange[], untilMs: number): number {
  const last = changes.findLast(({ atMs }) => atMs <= untilMs);
  return last === undefined ? -Infinity : last.state === null ? last.atMs : Infinity;
}
