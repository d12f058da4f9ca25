import { createHash } from 'node:crypto';
import type { RetryAsked, Submit } from '../events.ts';
import { deliveredBody } from './contents.ts';
import type { TaskPlan } from './plans.ts';

/** A task as it goes over the wire, the same each time it is submitted. */
export interface Submission {
  readonly plan: TaskPlan;
  /** JSON text of one task. */
  readonly text: string;
  readonly id?: string;
  readonly idempotencyKey?: string;
  /** What each event of a submit says of the task. */
  readonly described: Pick<
    Submit,
    | 'token'
    | 'id'
    | 'idempotencyKey'
    | 'method'
    | 'path'
    | 'bodySha256'
    | 'timeoutMs'
    | 'retry'
    | 'plan'
    | 'queue'
    | 'flowKey'
  > & { readonly dueAt?: number; readonly expiresAt?: number };
}

/** Writes the submission of a plan for the target's URL; `now` (epoch ms) is what its schedule is counted from. */
export function submissionOf(plan: TaskPlan, origin: string, now: number): Submission {
  const { content, schedule, token } = plan;
  const identity = {
    ...(plan.identity === 'id' && { id: `id-${token}` }),
    ...(plan.identity === 'key' && { idempotencyKey: `key-${token}` }),
  };
  const instants = {
    ...(schedule.dueInMs !== undefined && { dueAt: now + schedule.dueInMs }),
    ...(schedule.expiresInMs !== undefined && { expiresAt: now + schedule.expiresInMs }),
  };
  return {
    plan,
    ...identity,
    text: textOf(plan, origin, instants),
    described: {
      token,
      ...identity,
      ...instants,
      method: content.kind === 'request' ? content.method : 'POST',
      path: plan.path,
      bodySha256: createHash('sha256').update(deliveredBody(content)).digest('hex'),
      timeoutMs: plan.timeoutMs,
      retry: retryAsked(plan),
      queue: plan.queue,
      ...(plan.flowKey !== undefined && { flowKey: plan.flowKey }),
      plan: `${plan.target}${plan.path}`,
    },
  };
}

/** Other content under the same identity, with a token of its own: a recorder must refuse it. */
export function conflictingSubmission(submission: Submission, origin: string, now: number): Submission {
  const plan = { ...submission.plan, token: `${submission.plan.token}-other` };
  const other = submissionOf({ ...plan, identity: 'none' }, origin, now);
  const identity = {
    ...(submission.id !== undefined && { id: submission.id }),
    ...(submission.idempotencyKey !== undefined && { idempotencyKey: submission.idempotencyKey }),
  };
  return {
    plan,
    ...identity,
    text: submission.id === undefined ? other.text : withId(other.text, submission.id),
    described: { ...other.described, ...identity },
  };
}

/** The event of a submit that is about to be sent. */
export function submitEvent(
  { described, plan }: Submission,
  sent: { at: number; call: number; recorder: string },
): Submit {
  const { dueAt, ...rest } = described;
  const { delayMs } = plan.schedule;
  const notBefore = delayMs === undefined ? dueAt : sent.at + delayMs;
  return { kind: 'submit', ...sent, ...rest, ...(notBefore !== undefined && { notBefore }) };
}

function retryAsked({ retry }: TaskPlan): RetryAsked {
  const { maxAttempts, minBackoffMs, maxBackoffMs, multiplier, maxDurationMs } = retry;
  const asked = { maxAttempts, minBackoffMs, maxBackoffMs, multiplier };
  return maxDurationMs === undefined ? asked : { ...asked, maxDurationMs };
}

function textOf(plan: TaskPlan, origin: string, instants: { dueAt?: number; expiresAt?: number }): string {
  const { content, token, schedule } = plan;
  const members = {
    target: `${origin}${plan.path}`,
    headers: { 'chaos-token': token },
    queue: plan.queue,
    ...(plan.flowKey !== undefined && { flowKey: plan.flowKey }),
    priority: plan.priority,
    timeoutMs: plan.timeoutMs,
    retry: plan.retry,
    ...(schedule.delayMs !== undefined && { delayMs: schedule.delayMs }),
    ...(instants.dueAt !== undefined && { dueAt: new Date(instants.dueAt).toISOString() }),
    ...(instants.expiresAt !== undefined && { expiresAt: new Date(instants.expiresAt).toISOString() }),
    ...(content.kind === 'arguments' && { taskName: content.taskName }),
    ...(content.kind === 'request' && { request: requestOf(content) }),
  };
  let text = JSON.stringify(members);
  // The arguments go in as text: JSON.stringify would repair what must arrive as it is.
  if (content.kind === 'arguments' && content.taskArgs !== undefined) {
    text = `${text.slice(0, -1)},"taskArgs":${content.taskArgs}}`;
  }
  return plan.identity === 'id' ? withId(text, `id-${token}`) : text;
}

function withId(text: string, id: string): string {
  return `{"id":${JSON.stringify(id)},${text.slice(1)}`;
}

function requestOf({ method, body }: { method: string; body?: Buffer }) {
  return { method, ...(body && { body: body.toString('base64'), bodyEncoding: 'base64' }) };
}
