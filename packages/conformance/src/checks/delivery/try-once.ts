import type { Answer } from '../../receiver/delivery.ts';
import type { Target } from '../../receiver/target.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext, RetryPolicy } from '../../run/check-context.ts';

/** A task that is over, its last attempt, and where it was delivered to. */
export interface Tried {
  readonly task: Json;
  readonly attempt: Json;
}

// A check shares the implementation with others; in turns each task has its answer soon.
const AT_A_TIME = 4;

interface Members {
  readonly retry?: RetryPolicy;
  readonly [name: string]: unknown;
}

/** Has one task tried once at a target that gives this answer; resolves when the task is over. */
export async function tryOnce(
  t: CheckContext,
  answer: Answer,
  members: Members = {},
): Promise<Tried & { readonly target: Target }> {
  const target = await t.target(answer);
  return { target, ...(await tryOnceAt(t, target, members)) };
}

/** Has one task tried once at a target or a URL; resolves when the task is over. */
export async function tryOnceAt(
  t: CheckContext,
  target: Target | string,
  { retry, ...members }: Members = {},
): Promise<Tried> {
  const policy = t.retry({ maxAttempts: 1, ...retry });
  const { id } = await t.submit(t.taskFor(target, { ...members, retry: policy }));
  // Nothing is decided before the delivery, so that there is nothing to ask for.
  if (typeof target !== 'string') await target.received(1, t.timing.patienceMs / 4);
  const task = await t.untilTerminal(id);
  const attempts = await t.attempts(id);
  return { task, attempt: attempts.at(-1) ?? {} };
}

/** One answer of a target, under a retry policy. */
export interface Case {
  readonly answer: Answer;
  readonly retry?: RetryPolicy;
}

/** Requires that every answer, each on a task of its own with one attempt, has that outcome. */
export async function requireOutcome(
  t: CheckContext,
  requirement: string,
  outcome: string,
  cases: Readonly<Record<string, Case>>,
): Promise<void> {
  const left = Object.entries(cases);
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const [name, { answer, retry }] = next;
      const { attempt } = await tryOnce(t, answer, retry === undefined ? {} : { retry });
      t.equal(requirement, `the outcome of ${name}`, attempt.outcome, outcome);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
}

/** So many statuses of a range, drawn by the seed of the run, so that in time all of them are tried. */
export function someOf(t: CheckContext, from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, () => from + t.random.below(to - from + 1));
}

/** Requires that every answer ends the attempt with that error code, that it would be tried again, and that no status is shown. */
export async function requireErrorCode(
  t: CheckContext,
  requirement: string,
  errorCode: string,
  answers: Readonly<Record<string, Answer>>,
): Promise<void> {
  const tried = await Promise.all(
    Object.entries(answers).map(async ([name, answer]) => {
      const { attempt } = await tryOnce(t, answer);
      const { outcome, status } = attempt;
      return { name, got: { errorCode: attempt.errorCode, outcome, status } };
    }),
  );
  for (const { name, got } of tried)
    t.equal(requirement, `the end of the attempt after ${name}`, got, { errorCode, outcome: 'retryable' });
}

/** A case for each status, named by it. */
export function casesOf(statuses: readonly number[], retry?: RetryPolicy): Readonly<Record<string, Case>> {
  return Object.fromEntries(
    statuses.map((status) => [String(status), { answer: status, ...(retry === undefined ? {} : { retry }) }]),
  );
}
