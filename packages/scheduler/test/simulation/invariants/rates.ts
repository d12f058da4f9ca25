import type { Delivery, Fault } from '../history.ts';
import { LimitsOverTime, type Period } from './limits-over-time.ts';
import type { Stories, Violation } from './stories.ts';

/** Milliseconds after a put from which a rate counts. */
const FROM_MS = 1000;

/** Milliseconds of wire and clocks, and of a database clock that jumped. */
const SLACK_MS = 3;

interface Start {
  readonly atMs: number;
  readonly id: string;
}

/** QUE-060, FLO-021: starts of a queue, or a flow key, are never more often than its rate allows. */
export function ratesAreKept({ history, tasks, faultsOf }: Stories): Violation[] {
  const limits = new LimitsOverTime(history);
  const queues = new Set(history.settings.map(({ queue }) => queue));
  const jumps = [...faultsOf.values()].flat().filter(({ kind }) => kind === 'database-clock-jump');
  const startsOf = new Map<string, Start[]>();
  for (const { id, attempts, transitions } of tasks.values()) {
    const { queue, flowKey } = transitions.at(0)!;
    if (!queues.has(queue)) continue;
    // What an operator runs passes over rates.
    const sent = attempts.filter(({ claim }) => !claim.isRun).flatMap(({ deliveries }) => deliveries);
    for (const name of [`${queue}/`, `${queue}/${flowKey}`])
      startsOf.set(name, [...(startsOf.get(name) ?? []), ...sent.map((delivery) => toStart(id, delivery))]);
  }
  return [...startsOf].flatMap(([name, starts]) => {
    const [queue = '', flowKey] = name.split('/');
    const inOrder = starts.toSorted((a, b) => a.atMs - b.atMs);
    return limits.periodsOf(queue, flowKey).flatMap((period) => tooOften(name, period, inOrder, jumps));
  });
}

function toStart(id: string, { reachedMs, sentMs }: Delivery): Start {
  return { id, atMs: reachedMs ?? sentMs };
}

function tooOften(
  name: string,
  period: Period,
  starts: readonly Start[],
  jumps: readonly Fault[],
): Violation[] {
  const { perSecond, burst = 1 } = period.limits;
  if (perSecond === undefined) return [];
  const within = starts.filter(({ atMs }) => atMs > period.fromMs + FROM_MS && atMs < period.untilMs);
  const most = Math.max(burst, 1 + perSecond * 0.05);
  // A stretch from one start to another: the least room there ever was behind the bound, kept from left to right.
  let spent = 0;
  let lastMs = -Infinity;
  for (const { atMs, id } of within) {
    if (jumps.some(({ fromMs }) => fromMs >= lastMs && fromMs <= atMs)) spent = 0;
    else spent = Math.max(0, spent - ((atMs - lastMs + (spent > 0 ? 0 : SLACK_MS)) * perSecond) / 1000);
    spent += 1;
    lastMs = atMs;
    if (spent > most + (SLACK_MS * perSecond) / 1000 + 1e-6)
      return [
        { id, what: `started at ${atMs} as ${spent.toFixed(2)} of ${name}, which may have ${most} at once` },
      ];
  }
  return [];
}
