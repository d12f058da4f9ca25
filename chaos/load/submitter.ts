import { setTimeout as sleep } from 'node:timers/promises';
import type { ProducerEvent } from '../events.ts';
import type { Log } from './log-writer.ts';
import type { RecorderClient, Reply } from './recorder-client.ts';
import { type Submission, submitEvent } from './submissions.ts';

/** What producers learnt so far. */
export interface ProducerFigures {
  /** Tasks that were answered with 201 or 200, each counted once. */
  acknowledged: number;
  /** Answers that refuse a task for good, as those to conflicting content do. */
  refused: number;
  /** Tasks without an answer that could not safely be sent again, or that were given up. */
  unknown: number;
  /** Calls without an answer, refused connections apart. */
  lostAnswers: number;
  refusedConnections: number;
  /** Answers 500 and above. */
  unavailable: number;
  slowestAcknowledgementMs: number;
}

/** What came of submitting some tasks together. */
export type SubmitResult =
  | { readonly kind: 'acknowledged'; readonly taskIds: readonly string[] }
  | { readonly kind: 'refused' | 'unknown' };

/** What submits and operations of a run share. */
export interface ProducerContext {
  readonly log: Log<ProducerEvent>;
  readonly client: RecorderClient;
  readonly recorders: readonly string[];
  readonly figures: ProducerFigures;
  /** Draws the number that pairs a request with its answer. */
  nextCall(): number;
  /** Whose turn it is among the recorders: one after the other. */
  nextTurn(): number;
}

/** How long a producer goes on sending again what was not answered. */
const GIVE_UP_AFTER_MS = 180_000;

/**
 * Submits tasks, several as a batch, until an answer says what became of them. After a lost answer the same is sent
 * again to the next recorder if each task has an identity, else only where the connection was refused.
 */
export async function submit(
  submissions: readonly Submission[],
  context: ProducerContext,
): Promise<SubmitResult> {
  const { figures, recorders } = context;
  const hasIdentity = submissions.every(({ id, idempotencyKey }) => (id ?? idempotencyKey) !== undefined);
  const begunAt = Date.now();
  for (let turn = context.nextTurn(); Date.now() - begunAt < GIVE_UP_AFTER_MS; turn += 1) {
    const reply = await submitOnce(submissions, recorders.at(turn % recorders.length) ?? '', context);
    if (reply.kind === 'answered' && reply.status < 300) {
      figures.slowestAcknowledgementMs = Math.max(figures.slowestAcknowledgementMs, Date.now() - begunAt);
      return { kind: 'acknowledged', taskIds: taskIdsOf(reply.body) };
    }
    if (reply.kind === 'answered' && reply.status < 500) return { kind: 'refused' };
    if (!hasIdentity && (reply.kind === 'answered' || reply.wasSent)) break;
    await sleep(pauseAfter(reply));
  }
  return { kind: 'unknown' };
}

/** What a 503 asks for; a connection that was lost is tried again soon, for the other recorder may well be there. */
function pauseAfter(reply: Reply): number {
  return reply.kind === 'answered' ? (reply.retryAfterMs ?? 1000) : 200;
}

async function submitOnce(
  submissions: readonly Submission[],
  recorder: string,
  context: ProducerContext,
): Promise<Reply> {
  const { log, client, figures } = context;
  const calls = submissions.map((submission) => ({ submission, call: context.nextCall() }));
  for (const { submission, call } of calls) {
    log.write(submitEvent(submission, { at: Date.now(), call, recorder }));
  }
  const reply = await client.post(recorder, ...requestOf(submissions));
  countReply(reply, figures);
  for (const [index, { submission, call }] of calls.entries()) {
    const { token } = submission.plan;
    const event = { kind: 'submit-answer', at: Date.now(), token, call } as const;
    if (reply.kind === 'lost') log.write({ ...event, error: reply.error });
    else log.write({ ...event, ...resultAt(reply, index) });
  }
  return reply;
}

function requestOf(submissions: readonly Submission[]): [string, { body: string; idempotencyKey?: string }] {
  const [first, ...others] = submissions;
  if (first !== undefined && others.length === 0) {
    const { text, idempotencyKey } = first;
    return ['/v1/tasks', { body: text, ...(idempotencyKey !== undefined && { idempotencyKey }) }];
  }
  return ['/v1/tasks/batch', { body: `{"tasks":[${submissions.map(({ text }) => text).join(',')}]}` }];
}

/** Counts an answer that did not come, or that says that the service could not. */
export function countReply(reply: Reply, figures: ProducerFigures): void {
  if (reply.kind === 'answered') {
    if (reply.status >= 500) figures.unavailable += 1;
  } else if (reply.wasSent) figures.lostAnswers += 1;
  else figures.refusedConnections += 1;
}

interface AnsweredTask {
  readonly id: string;
}
type SubmitBody = AnsweredTask | { readonly tasks: readonly { created: boolean; task: AnsweredTask }[] };

function taskIdsOf(body: unknown): string[] {
  const answered = body as SubmitBody;
  return 'tasks' in answered ? answered.tasks.map(({ task }) => task.id) : [answered.id];
}

/** What an answer says of one task; a batch says of each whether it was new. */
function resultAt({ status, body }: Reply & { kind: 'answered' }, index: number) {
  if (status >= 300) return { status };
  const answered = body as SubmitBody;
  if (!('tasks' in answered)) return { status, taskId: answered.id };
  const item = answered.tasks.at(index);
  return item === undefined ? { status } : { status: item.created ? 201 : 200, taskId: item.task.id };
}
