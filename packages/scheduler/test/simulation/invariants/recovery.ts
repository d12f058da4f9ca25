import { LEASE_MS, SWEEP_AFTER_CONTACT_MS, SWEEP_INTERVAL_MS } from '@dispatchr/lifecycle';
import type { Call, History } from '../history.ts';
import { leasesOf, type Stories, type Violation } from './stories.ts';

/** Milliseconds until a call that a fault struck before the heal has failed, and its repetition is answered. */
const SETTLING_DOWN_MS = 15_000;

/** Milliseconds for the last poll that counts as contact, slow clocks, and the jitter of a sweep. */
const SLACK_MS = 6000;

/** I11: after the heal no lease that ran out stays for longer than a sweep, though another row cannot be settled. */
export function lostLeasesAreSwept({ history, tasks }: Stories): Violation[] {
  const unsettleable = new Set(
    history.faults.filter(({ kind }) => kind === 'row-unsettleable').map(({ whom }) => whom),
  );
  const sweepsFromMs = steadyFromMs(history) + SWEEP_AFTER_CONTACT_MS;
  const endOf = new Map(history.lives.map(({ process, endedMs }) => [process, endedMs]));
  const others = [...tasks.values()].filter(({ id }) => !unsettleable.has(id));
  return others.flatMap(({ id, seq, attempts }) =>
    attempts.flatMap((attempt) => {
      const endedMs = attempt.end?.atMs ?? history.endedMs;
      const leases = leasesOf(attempt, (taker) => (endOf.get(taker) ?? Infinity) < endedMs);
      return leases.flatMap(({ atMs }, index) => {
        const nextMs = leases[index + 1]?.atMs ?? endedMs;
        const latestMs = Math.max(atMs + LEASE_MS, sweepsFromMs) + SWEEP_INTERVAL_MS + SLACK_MS;
        if (nextMs <= latestMs) return [];
        const what = `attempt ${attempt.claim.attempt} kept a lease of ${atMs} until ${nextMs}, expected ${latestMs}`;
        return [{ id, seq, what }];
      });
    }),
  );
}

/** Milliseconds without an answer to a write that are no break yet (LEA-018), and some for a clock that is too fast. */
const LONGEST_SILENCE_MS = 12_500;

/** When the first of the schedulers that run until the end has everything that it needs. */
function steadyFromMs({ lives, healedMs }: History): number {
  const steady = lives.filter(
    ({ process, endedMs, toldToStopMs }) =>
      process.startsWith('scheduler') && endedMs === undefined && toldToStopMs === undefined,
  );
  return Math.max(healedMs + SETTLING_DOWN_MS, Math.min(...steady.map(({ startedMs }) => startedMs)));
}

/** LEA-008: who takes over what others hold had 15 seconds of unbroken contact with the database. */
export function sweepsFollowContact({ history, tasks }: Stories): Violation[] {
  const callsOf = Map.groupBy(history.calls, ({ process }) => process);
  const sweeps = [...tasks.values()].flatMap(({ id, seq, attempts }) =>
    attempts.flatMap(({ claim, takeOvers }) =>
      takeOvers.filter(({ by }) => by !== claim.by).map(({ by, atMs }) => ({ id, seq, by, atMs })),
    ),
  );
  return sweeps.flatMap(({ id, seq, by, atMs }) => {
    const contactMs = contactBefore(callsOf.get(by) ?? [], atMs);
    if (contactMs >= SWEEP_AFTER_CONTACT_MS * 0.95) return [];
    return [{ id, seq, what: `was taken over by ${by} after ${contactMs} ms of contact` }];
  });
}

/** Milliseconds of answers without a break before the last ask for lost leases that can have done this. */
function contactBefore(calls: readonly Call[], takenMs: number): number {
  const asks = calls.filter(
    ({ statement, askedMs }) => statement === 'take-over-lost-leases' && askedMs <= takenMs,
  );
  return Math.max(...asks.map(({ askedMs }) => unbrokenMs(calls, askedMs)), 0);
}

function unbrokenMs(calls: readonly Call[], atMs: number): number {
  const answers = calls.filter(
    ({ statement, answer, answeredMs = Infinity }) =>
      // A statement that is refused was answered.
      (answer === 'rows' || answer === 'refused') && answeredMs <= atMs && SCHEDULER_WRITES.has(statement),
  );
  let sinceMs = atMs;
  for (const { answeredMs } of answers.toSorted((a, b) => b.answeredMs! - a.answeredMs!)) {
    if (sinceMs - answeredMs! > LONGEST_SILENCE_MS) break;
    sinceMs = answeredMs!;
  }
  return atMs - sinceMs;
}

const SCHEDULER_WRITES: ReadonlySet<string> = new Set([
  'claim-due-tasks',
  'claim-flow-keys',
  'create-gates',
  'remove-idle-gates',
  'renew-leases',
  'settle-attempts',
  'take-over-lost-leases',
  'expire-tasks',
  'prune-completed-tasks',
  'prune-other-tasks',
  'hold-target',
  'open-circuit',
  'take-probe',
  'keep-probe',
  'end-probe',
  'remove-ended-holds',
  'park-tasks',
  'unpark-tasks',
  'note-scheduler',
  'forget-scheduler',
]);

/** LEA-003: an attempt is ended by who claimed it, or by who took it over last. */
export function holdersSettle({ tasks }: Stories): Violation[] {
  return [...tasks.values()].flatMap(({ id, seq, attempts }) =>
    attempts.flatMap(({ claim, takeOvers, end }) => {
      const holder = takeOvers.at(-1)?.by ?? claim.by;
      if (end === undefined || end.by === holder) return [];
      return [{ id, seq, what: `attempt ${claim.attempt} of ${holder} was ended by ${end.by}` }];
    }),
  );
}

const CLAIMS: ReadonlySet<string> = new Set(['claim-due-tasks', 'claim-flow-keys']);

/** LEA-020: a scheduler that was told to stop asks for no more tasks. */
export function stoppedClaimsNothing({ history }: Stories): Violation[] {
  const toldMs = new Map(
    history.lives.map(({ process, toldToStopMs }) => [process, toldToStopMs ?? Infinity]),
  );
  return history.calls
    .filter(({ statement, process, askedMs }) => CLAIMS.has(statement) && askedMs > toldMs.get(process)!)
    .map(({ process, askedMs }) => ({
      id: process,
      what: `claimed at ${askedMs}, after it was told to stop`,
    }));
}

/** LEA-004: a scheduler that hears from a renewal that a lease is gone breaks the request off. */
export function losersBreakOff({ history, tasks }: Stories): Violation[] {
  const renewals = Map.groupBy(
    history.calls.filter(({ statement, answer }) => statement === 'renew-leases' && answer === 'rows'),
    ({ process }) => process,
  );
  return [...tasks.values()].flatMap(({ id, seq, attempts }) =>
    attempts.flatMap(({ claim, deliveries, takeOvers }) => {
      const lostMs = takeOvers.find(({ by }) => by !== claim.by)?.atMs;
      const [delivery] = deliveries;
      if (lostMs === undefined || delivery === undefined) return [];
      const told = renewals.get(claim.by)?.find(({ askedMs }) => askedMs > lostMs)?.answeredMs;
      if (told === undefined || (delivery.endedMs ?? Infinity) <= told) return [];
      return [{ id, seq, what: `attempt ${claim.attempt} went on after a renewal that it was lost` }];
    }),
  );
}
