import { setTimeout as sleep } from 'node:timers/promises';
import type { Operate } from '../events.ts';
import type { Reply } from './recorder-client.ts';
import { conflictingSubmission, type Submission } from './submissions.ts';
import { type ProducerContext, countReply, submit } from './submitter.ts';

/** Tries of an operation that came too early, or whose answer was lost where it may be repeated. */
const OPERATION_TRIES = 8;

/** Does what the plan of an acknowledged task has its producer do next. */
export async function goOn(
  submission: Submission,
  taskId: string,
  origin: string,
  context: ProducerContext,
): Promise<void> {
  const { afterwards } = submission.plan;
  const hasIdentity = (submission.id ?? submission.idempotencyKey) !== undefined;
  switch (afterwards.do) {
    case 'nothing':
      return;
    case 'submit-again':
      if (hasIdentity) await submit([submission], context);
      return;
    case 'submit-other': {
      if (!hasIdentity) return;
      const other = await submit([conflictingSubmission(submission, origin, Date.now())], context);
      if (other.kind === 'refused') context.figures.refused += 1;
      return;
    }
    case 'cancel':
    case 'run':
    case 'retry':
      await sleep(afterwards.afterMs);
      return operate(submission, taskId, afterwards.do, context);
  }
}

async function operate(
  { plan }: Submission,
  taskId: string,
  operation: Operate['operation'],
  context: ProducerContext,
): Promise<void> {
  for (let tries = 0; tries < OPERATION_TRIES; tries += 1) {
    const reply = await operateOnce(plan.token, taskId, operation, context);
    if (!isWorthRepeating(operation, reply)) return;
    await sleep(1000);
  }
}

/** A cancel may be repeated; a retry comes too early while the task has not failed; a second run would run it twice. */
function isWorthRepeating(operation: Operate['operation'], reply: Reply): boolean {
  const isUnknown = reply.kind === 'lost' || reply.status >= 500;
  if (operation === 'cancel') return isUnknown;
  return (
    operation === 'retry' &&
    reply.kind === 'answered' &&
    stateIn(reply) !== 'completed' &&
    reply.status === 409
  );
}

async function operateOnce(
  token: string,
  taskId: string,
  operation: Operate['operation'],
  context: ProducerContext,
): Promise<Reply> {
  const { log, client, recorders, figures } = context;
  const call = context.nextCall();
  log.write({ kind: 'operate', at: Date.now(), token, call, operation });
  const path = `/v1/tasks/${encodeURIComponent(taskId)}/${operation}`;
  const reply = await client.post(recorders.at(call % recorders.length) ?? '', path);
  countReply(reply, figures);
  const event = { kind: 'operate-answer', at: Date.now(), token, call } as const;
  if (reply.kind === 'lost') log.write({ ...event, error: reply.error });
  else {
    const state = reply.status < 300 ? stateIn(reply) : undefined;
    log.write({ ...event, status: reply.status, ...(state !== undefined && { state }) });
  }
  return reply;
}

/** The state of the task in an answer, or that a conflict names. */
function stateIn({ body }: Reply & { kind: 'answered' }): string | undefined {
  return (body as { state?: string } | undefined)?.state;
}
