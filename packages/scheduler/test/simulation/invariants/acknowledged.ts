import { argumentsOf, planNumberOf } from '../task-plans.ts';
import type { Submission } from '../history.ts';
import type { Stories, TaskStory, Violation } from './stories.ts';

const TERMINAL: ReadonlySet<string | null> = new Set(['completed', 'failed', 'cancelled', null]);

/** I1: every acknowledged task ends, and was delivered unless it had no chance to be. */
export function everyAcknowledgedTaskEnds({ history, tasks, byId }: Stories): Violation[] {
  const lost = history.submissions.flatMap(({ result }) => {
    if (result === undefined || result.kind === 'conflict' || byId.has(result.task.id)) return [];
    return [{ id: result.task.id, what: 'was acknowledged and never recorded' }];
  });
  const others = [...tasks.values()].flatMap((story) => {
    const last = story.transitions.at(-1)!;
    if (!TERMINAL.has(last.to)) return [violation(story, `is ${last.to} at the end`)];
    return undelivered(story);
  });
  return [...lost, ...others];
}

function undelivered(story: TaskStory): Violation[] {
  const wasReached = story.attempts.some(({ deliveries }) =>
    deliveries.some(({ reachedMs }) => reachedMs !== undefined),
  );
  const claimsDelivery = story.transitions.some(
    ({ to, reason }) => to === 'completed' || (to === 'failed' && reason === 'rejected'),
  );
  return claimsDelivery && !wasReached ? [violation(story, 'ended without ever being delivered')] : [];
}

/** I2: every delivery was claimed and submitted, and is byte for byte what was submitted. */
export function nothingIsInvented({ history, unclaimed }: Stories): Violation[] {
  const targets = new Map(history.submissions.map(({ task }) => [task.id, task.target]));
  const invented = history.deliveries.flatMap(({ id, target, body }) => {
    const number = planNumberOf(id);
    if (targets.get(id) !== target) return [{ id, what: `went to ${target}, which nobody asked for` }];
    const asked = `{"taskName":"t${number}","taskArgs":${argumentsOf(number)}}`;
    return body === asked ? [] : [{ id, what: `was delivered as ${body}` }];
  });
  const unasked = unclaimed.map(({ id, attempt, scheduler }) => ({
    id,
    what: `was delivered as attempt ${attempt} by ${scheduler}, which had not claimed it`,
  }));
  return [...invented, ...unasked];
}

/** I10: one identity with one content is one task, and with another content it is refused. */
export function oneIdentityIsOneTask({ history, tasks }: Stories): Violation[] {
  const byId = new Map(history.submissions.map((submission) => [submission.task.id, submission]));
  const twice = [...Map.groupBy(tasks.values(), ({ id }) => identityOf(byId.get(id))).values()].flatMap(
    (stories) =>
      stories.slice(1).flatMap((story, index) => {
        const before = stories[index]!.transitions.at(-1)!;
        return before.to === null && before.atMs <= story.transitions[0]!.atMs
          ? []
          : [violation(story, `was recorded while task ${before.seq} had its identity`)];
      }),
  );
  const answered = history.submissions.flatMap(({ task, result }) => {
    if (result?.kind !== 'existing') return [];
    const { seq, id } = result.task;
    const recorded = tasks.get(seq)?.transitions[0]?.fingerprint;
    return recorded === task.fingerprint ? [] : [{ id, seq, what: `was taken for ${task.fingerprint}` }];
  });
  return [...twice, ...answered];
}

function identityOf(submission: Submission | undefined): string {
  const { id, idempotencyKey } = submission?.task ?? { id: 'unknown', idempotencyKey: undefined };
  return idempotencyKey ?? id;
}

function violation({ id, seq }: TaskStory, what: string): Violation {
  return { id, seq, what };
}
