import { LEASE_MS } from '@dispatchr/lifecycle';
import { THE_DATABASE, type FaultKind } from '../fault-kinds.ts';
import type { Delivery } from '../history.ts';
import { LONGEST_WAY_MS } from '../simulated-targets.ts';
import { leasesOf, type AttemptStory, type Stories, type TaskStory, type Violation } from './stories.ts';

/** What can make a scheduler lose a lease or an answer that it had. A stop in good order is not among them. */
const CAUSES: ReadonlySet<FaultKind> = new Set<FaultKind>([
  'call-lost',
  'answer-lost',
  'answer-late',
  'call-late',
  'call-slow',
  'cut-in-commit',
  'call-refused',
  'database-outage',
  'database-silent',
  'database-restart',
  'database-slow',
  'database-read-only',
  'database-clock-jump',
  'connections-terminated',
  'rows-held',
  'row-unsettleable',
  'kill',
  'kill-before-call',
  'kill-during-call',
  'kill-after-call',
  'kill-at-delivery',
  'kill-at-answer',
  'stall-briefly',
  'stall-past-lease',
  'terminate-twice',
]);

/** Milliseconds for which a fault may still be felt: calls that it struck run to their deadline and are repeated. */
const AFTERMATH_MS = 15_000;

/** I4: a task that was answered 2xx is delivered again only where a fault explains it. */
export function duplicatesHaveAFault(stories: Stories): Violation[] {
  return [...stories.tasks.values()].flatMap((story) =>
    story.attempts.flatMap((attempt, index) => {
      const answered = attempt.deliveries.find(({ status = 0 }) => status >= 200 && status <= 299);
      const next = story.attempts.slice(index + 1).find(({ deliveries }) => deliveries.length > 0);
      if (answered === undefined || next === undefined || isRetriedBetween(story, attempt, next)) return [];
      if (isExplained(stories, story, attempt, answered)) return [];
      const what = `attempts ${attempt.claim.attempt} (2xx, seen as ${answered.seen}) and ${next.claim.attempt} were delivered without a fault`;
      return [{ id: story.id, seq: story.seq, what }];
    }),
  );
}

function isRetriedBetween({ transitions }: TaskStory, first: AttemptStory, second: AttemptStory): boolean {
  return transitions.some(
    ({ event, atMs }) => event === 'retry' && atMs >= first.claim.atMs && atMs <= second.claim.atMs,
  );
}

function isExplained(
  stories: Stories,
  story: TaskStory,
  { claim, end }: AttemptStory,
  answered: Delivery,
): boolean {
  const untilMs = end?.atMs ?? Infinity;
  if (end?.event === 'lease-lost') return hasCause(stories, story, claim.by, claim.atMs, untilMs, CAUSES);
  if (answered.seen === 'timeout' || answered.seen === 'released') {
    // The answer was on its way when its scheduler broke off.
    const { answeredMs = -Infinity, seenMs = Infinity } = answered;
    const crossed = answeredMs + LONGEST_WAY_MS >= seenMs;
    return crossed || hasCause(stories, story, claim.by, claim.atMs, untilMs, CAUSES);
  }
  return hasCause(
    stories,
    story,
    claim.by,
    answered.sentMs,
    untilMs,
    new Set<FaultKind>(['target-answer-lost']),
  );
}

/** LEA-007: an attempt is lost only where a fault kept its scheduler from renewing or settling. */
export function leasesAreLostToFaults(stories: Stories): Violation[] {
  return [...stories.tasks.values()].flatMap((story) =>
    story.attempts.flatMap(({ claim, end }) => {
      if (end?.event !== 'lease-lost') return [];
      if (hasCause(stories, story, claim.by, claim.atMs, end.atMs, CAUSES)) return [];
      const what = `attempt ${claim.attempt} of ${claim.by} was lost without a fault`;
      return [{ id: story.id, seq: story.seq, what }];
    }),
  );
}

function hasCause(
  { faultsOf }: Stories,
  { id }: TaskStory,
  scheduler: string,
  fromMs: number,
  untilMs: number,
  causes: ReadonlySet<FaultKind>,
): boolean {
  return [scheduler, THE_DATABASE, id].some((whom) =>
    (faultsOf.get(whom) ?? []).some(
      (fault) => causes.has(fault.kind) && fault.fromMs <= untilMs && fault.untilMs + AFTERMATH_MS >= fromMs,
    ),
  );
}

/** I5: two deliveries overlap only where the first one's lease had run out when it was taken over. */
export function deliveriesOverlapOnlyPastTheLease({ tasks }: Stories): Violation[] {
  return [...tasks.values()].flatMap(({ id, seq, attempts }) => {
    const early = attempts.flatMap((attempt) => takenTooEarly(attempt).map((what) => ({ id, seq, what })));
    const overlaps = attempts.flatMap((attempt, index) => {
      const endedMs = Math.max(...attempt.deliveries.map((delivery) => delivery.endedMs ?? Infinity));
      const second = attempts.slice(index + 1).flatMap(({ deliveries }) => deliveries);
      return second
        .filter(({ sentMs }) => sentMs < endedMs && attempt.end?.event !== 'lease-lost')
        .map((delivery) => ({
          id,
          seq,
          what: `attempt ${delivery.attempt} began while ${attempt.claim.attempt} was under way, which ended ${attempt.end?.event}`,
        }));
    });
    return [...early, ...overlaps];
  });
}

function isOfOthers({ claim, takeOvers }: AttemptStory, atMs: number): boolean {
  const last = takeOvers.findLast((takeOver) => takeOver.atMs < atMs);
  return last !== undefined && last.by !== claim.by;
}

function isUnderWay({ deliveries }: AttemptStory, atMs: number): boolean {
  return deliveries.some(({ sentMs, endedMs = Infinity }) => sentMs <= atMs && endedMs > atMs);
}

/**
 * Take-overs before the lease ran out. A scheduler may take back what it claimed and never got to deliver, but not
 * what somebody else took over since.
 */
function takenTooEarly(attempt: AttemptStory): string[] {
  const leases = leasesOf(attempt);
  return attempt.takeOvers
    .filter(
      ({ by, atMs }) => by !== attempt.claim.by || isUnderWay(attempt, atMs) || isOfOthers(attempt, atMs),
    )
    .flatMap((takeOver) => {
      const before = leases.findLast(({ atMs }) => atMs < takeOver.atMs)!;
      const aloneMs = takeOver.nowDbMs - before.nowDbMs;
      if (aloneMs > LEASE_MS) return [];
      return [`attempt ${attempt.claim.attempt} was taken over ${aloneMs} ms after its lease began`];
    });
}
