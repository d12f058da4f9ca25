import { DEFAULTS } from '@dispatchr/contract';
import type { RetryPolicy } from '@dispatchr/contract';
import type { Submission } from '../history.ts';
import type { AttemptStory, Stories, TaskStory, Violation } from './stories.ts';

/** I6: attempts are 1, 2, 3 …, each is sent at most once, and those that count are counted. */
export function attemptsAreCounted(stories: Stories): Violation[] {
  return eachTask(stories, ({ transitions, attempts }, asked) => {
    const numbers = attempts.flatMap(({ claim, deliveries, end }, index) => [
      ...(claim.attempt === index + 1 ? [] : [`claim ${index + 1} is attempt ${claim.attempt}`]),
      ...(end === undefined || end.attempt === claim.attempt
        ? []
        : [`attempt ${claim.attempt} ended as ${end.attempt}`]),
      ...(deliveries.length <= 1 ? [] : [`attempt ${claim.attempt} was sent ${deliveries.length} times`]),
    ]);
    const { maxAttempts } = policyOf(asked);
    let used = 0;
    const counts = transitions.flatMap(({ event, attempt, attemptsUsed }) => {
      if (event === 'retry') used = 0;
      if (event === 'retryable' || event === 'lease-lost') used += 1;
      if (attemptsUsed !== used)
        return [`attemptsUsed is ${attemptsUsed} after ${event} of attempt ${attempt}, expected ${used}`];
      return used <= maxAttempts ? [] : [`${used} attempts were used of ${maxAttempts}`];
    });
    return [...numbers, ...counts];
  });
}

/** I7: nothing is claimed before its `dueAt`, its backoff or the target's `Retry-After` is over. */
export function nothingIsEarly(stories: Stories): Violation[] {
  return eachTask(stories, (story, { task }) => {
    const recorded = story.transitions.at(0)!;
    return story.attempts.flatMap((attempt, index) => {
      const before = story.attempts[index - 1];
      const sinceMs = before?.end?.atMs ?? recorded.atMs;
      const waited = story.transitions.some(
        ({ event, atMs }) =>
          (event === 'run' || event === 'retry') && atMs >= sinceMs && atMs <= attempt.claim.atMs,
      );
      if (waited) return [];
      const notBefore =
        before === undefined ? recorded.nowDbMs + (task.delayMs ?? 0) : floorAfter(before, story, task);
      if (attempt.claim.nowDbMs >= Math.floor(notBefore)) return [];
      return [`attempt ${attempt.claim.attempt} was claimed ${notBefore - attempt.claim.nowDbMs} ms early`];
    });
  });
}

function floorAfter(
  { claim, end, deliveries }: AttemptStory,
  story: TaskStory,
  task: Submission['task'],
): number {
  if (end === undefined) return Infinity;
  const previous = story.attempts[claim.attempt - 2];
  const isHeldBack =
    end.event === 'retryable' || (end.event === 'lease-lost' && previous?.end?.event === 'lease-lost');
  if (!isHeldBack) return -Infinity;
  const backoffMs = bareBackoffMs(policyOf({ task }), end.attemptsUsed);
  const [delivery] = deliveries;
  const asked = delivery?.seen === String(delivery?.status) ? delivery?.retryAfterMs : undefined;
  const targetMs =
    asked === undefined || end.event !== 'retryable' ? 0 : (delivery?.answeredDbMs ?? 0) + asked;
  return Math.max(end.nowDbMs + backoffMs, targetMs);
}

/** I8: no claim comes after an answered cancel, until an operator retries the task. */
export function cancelledStaysUnclaimed({ history, tasks }: Stories): Violation[] {
  return history.operations.flatMap(({ name, result, answeredMs }) => {
    if (name !== 'cancel' || result?.kind !== 'done') return [];
    const { id, seq } = result.task;
    const later = (tasks.get(seq)?.transitions ?? []).filter(({ atMs }) => atMs > (answeredMs ?? Infinity));
    const claim = later.findIndex(({ event }) => event === 'claim');
    const retry = later.findIndex(({ event }) => event === 'retry');
    if (claim === -1 || (retry !== -1 && retry < claim)) return [];
    // The retry may have been committed between the cancel's commit and its answer.
    const cancelledMs = cancelCommit(tasks.get(seq)!, answeredMs ?? 0);
    const retried = tasks
      .get(seq)!
      .transitions.some(
        ({ event, atMs }) => event === 'retry' && atMs >= cancelledMs && atMs <= (answeredMs ?? 0),
      );
    return retried ? [] : [{ id, seq, what: 'was claimed after its cancel was answered' }];
  });
}

function cancelCommit({ transitions }: TaskStory, answeredMs: number): number {
  return transitions.findLast(({ event, atMs }) => event === 'cancel' && atMs <= answeredMs)?.atMs ?? 0;
}

/** How long a claimed task may wait for its slot, in milliseconds. Spec: DLV-042. */
const SEND_WITHIN_MS = 1000;

/** I8: what is claimed is sent within a second of the claim's answer, or not at all. */
export function claimedIsSentAtOnce({ history, tasks }: Stories): Violation[] {
  const received = new Map(
    history.receivedClaims.map((claim) => [`${claim.scheduler} ${claim.seq} ${claim.attempt}`, claim]),
  );
  return [...tasks.values()].flatMap(({ id, seq, attempts }) =>
    attempts
      .flatMap(({ deliveries }) => deliveries)
      .flatMap(({ scheduler, attempt, sentLocalMs }) => {
        const claim = received.get(`${scheduler} ${seq} ${attempt}`);
        const waitedMs = sentLocalMs - (claim?.receivedLocalMs ?? -Infinity);
        return waitedMs <= SEND_WITHIN_MS
          ? []
          : [{ id, seq, what: `attempt ${attempt} waited ${waitedMs} ms` }];
      }),
  );
}

function eachTask(
  { history, tasks }: Stories,
  check: (story: TaskStory, asked: Submission) => string[],
): Violation[] {
  const submissions = new Map(history.submissions.map((submission) => [submission.task.id, submission]));
  return [...tasks.values()].flatMap((story) => {
    const asked = submissions.get(story.id);
    if (asked === undefined) return [{ id: story.id, seq: story.seq, what: 'was recorded without a submit' }];
    return check(story, asked).map((what) => ({ id: story.id, seq: story.seq, what }));
  });
}

function policyOf({ task }: Pick<Submission, 'task'>): RetryPolicy {
  return { ...DEFAULTS.retry, retryOn: [], failOn: [], ...task.retry };
}

/** RTY-002, written once more from the specification. */
function bareBackoffMs({ minBackoffMs, maxBackoffMs, multiplier }: RetryPolicy, used: number): number {
  return Math.min(maxBackoffMs, minBackoffMs * multiplier ** (used - 1));
}
