import type { Answer } from '../../receiver/delivery.ts';
import type { Json } from '../../run/api.ts';
import type { CheckContext, RetryPolicy } from '../../run/check-context.ts';
import { earlinessMs } from '../../run/timing.ts';

// `dueAt` and `endedAt` are of one clock; what lies between is how the implementation computed them.
const SLACK_MS = 1000;

/** A pause that no machine is slow enough to blur, and that every implementation accepts (`limits.maxBackoffMs`). */
export const LONG_MS = 10_000;

/** How late a delivery may be without a word: TIM-005. */
export const PUNCTUAL_MS = 1000;

/** A policy with pauses too long to wait for: they are read off `dueAt`. */
export function longRetry(t: CheckContext, members: RetryPolicy = {}): RetryPolicy {
  return t.retry({ minBackoffMs: LONG_MS, maxBackoffMs: LONG_MS, ...members });
}

/** Waits until the attempt of that number, which takes `tookMs`, is settled; answers the task as it is then. */
export function settled(t: CheckContext, id: string, attempt: number, tookMs = 0): Promise<Json> {
  return t.until(
    id,
    `settled after attempt ${attempt}`,
    (task) => task.attempt === attempt && task.state !== 'running',
    tookMs + t.timing.patienceMs,
  );
}

/** Milliseconds from the settle of the task's attempt of that number to the `dueAt` that it was given. */
export async function pauseAfter(t: CheckContext, id: string, attempt: number): Promise<number> {
  const task = await settled(t, id, attempt);
  t.equal(
    t.mainRequirement,
    `the task waits for another try after attempt ${attempt}`,
    task.state,
    'pending',
  );
  const last: Json = (await t.attempts(id)).at(-1);
  t.equal(t.mainRequirement, 'the attempt that ended is listed', last?.attempt, attempt);
  return Date.parse(task.dueAt) - Date.parse(last.endedAt);
}

/** Submits a task whose first attempt is answered so, and measures the pause after it. */
export async function pauseAfterAnswer(t: CheckContext, answer: Answer, retry: RetryPolicy): Promise<number> {
  const { id } = await t.submit(t.taskFor(await t.target(answer), { retry }));
  return pauseAfter(t, id, 1);
}

/** The pauses after so many attempts that all fail; each next one is run by the operator instead of waited for. */
export async function pausesOf(t: CheckContext, retry: RetryPolicy, count: number): Promise<number[]> {
  const { id } = await t.submit(t.taskFor(await t.target(500), { retry }));
  const pauses = [await pauseAfter(t, id, 1)];
  while (pauses.length < count) {
    t.status(t.mainRequirement, await t.api.operate(id, 'run'), 200);
    pauses.push(await pauseAfter(t, id, pauses.length + 1));
  }
  return pauses;
}

/** Requires a pause that was read off `dueAt`, in milliseconds. */
export function requirePause(
  t: CheckContext,
  requirement: string,
  what: string,
  gotMs: number,
  leastMs: number,
  mostMs = leastMs,
): void {
  const isThere = gotMs >= leastMs - earlinessMs(leastMs) && gotMs <= mostMs + SLACK_MS + earlinessMs(mostMs);
  const expected = leastMs === mostMs ? `${leastMs} ms` : `${leastMs} to ${mostMs} ms`;
  t.ok(requirement, `${what}: expected a pause of ${expected} from endedAt to dueAt`, isThere, `${gotMs} ms`);
}
