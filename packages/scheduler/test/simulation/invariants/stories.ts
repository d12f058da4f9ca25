import { OUTCOMES, type Delivery, type Fault, type History, type Transition } from '../history.ts';

/** One attempt, from its claim to its end, as the logs tell it. */
export interface AttemptStory {
  readonly claim: Transition;
  readonly renewals: Transition[];
  readonly takeOvers: Transition[];
  readonly deliveries: Delivery[];
  end: Transition | undefined;
}

/** One task, from its record to its end; a new task with the id of a deleted one has a story of its own. */
export interface TaskStory {
  readonly seq: number;
  readonly id: string;
  readonly transitions: Transition[];
  readonly attempts: AttemptStory[];
}

/** The logs, put in order by task. */
export interface Stories {
  readonly history: History;
  readonly tasks: ReadonlyMap<number, TaskStory>;
  readonly byId: ReadonlyMap<string, readonly TaskStory[]>;
  /** Deliveries that no claim explains. */
  readonly unclaimed: readonly Delivery[];
  readonly faultsOf: ReadonlyMap<string, readonly Fault[]>;
}

/** Something that must not be, in words. */
export interface Violation {
  readonly id: string;
  readonly seq?: number;
  readonly what: string;
}

/** Puts the logs of a run in order. */
export function readStories(history: History): Stories {
  const tasks = new Map<number, TaskStory>();
  for (const transition of history.transitions) addTransition(tasks, transition);
  const byId = Map.groupBy(tasks.values(), ({ id }) => id);
  const unclaimed = history.deliveries.filter(
    (delivery) => !addDelivery(byId.get(delivery.id) ?? [], delivery),
  );
  const faultsOf = Map.groupBy(history.faults, ({ whom }) => whom);
  return { history, tasks, byId, unclaimed, faultsOf };
}

/** What gave the attempt a lease, in order: its claim, its renewals, and the take-overs that count. */
export function leasesOf(
  { claim, renewals, takeOvers }: AttemptStory,
  counts: (taker: string) => boolean = () => true,
): readonly Transition[] {
  const taken = takeOvers.filter(({ by }) => counts(by));
  return [claim, ...renewals, ...taken].toSorted((a, b) => a.atMs - b.atMs);
}

function addTransition(tasks: Map<number, TaskStory>, transition: Transition): void {
  let story = tasks.get(transition.seq);
  if (story === undefined) {
    story = { seq: transition.seq, id: transition.id, transitions: [], attempts: [] };
    tasks.set(transition.seq, story);
  }
  story.transitions.push(transition);
  const current = story.attempts.at(-1);
  if (transition.event === 'claim')
    story.attempts.push({ claim: transition, renewals: [], takeOvers: [], deliveries: [], end: undefined });
  else if (transition.event === 'renew') current?.renewals.push(transition);
  else if (transition.event === 'take-over') current?.takeOvers.push(transition);
  else if (current !== undefined && OUTCOMES.has(transition.event)) current.end ??= transition;
}

function addDelivery(stories: readonly TaskStory[], delivery: Delivery): boolean {
  const attempt = stories
    .flatMap(({ attempts }) => attempts)
    .findLast(
      ({ claim }) =>
        claim.by === delivery.scheduler &&
        claim.attempt === delivery.attempt &&
        claim.atMs <= delivery.sentMs,
    );
  attempt?.deliveries.push(delivery);
  return attempt !== undefined;
}
