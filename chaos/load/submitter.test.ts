import { describe, expect, it } from 'vitest';
import type { ProducerEvent } from '../events.ts';
import { type TaskPlan, planOf } from './plans.ts';
import type { Reply } from './recorder-client.ts';
import { submissionOf } from './submissions.ts';
import { type ProducerContext, submit } from './submitter.ts';

const LOST: Reply = { kind: 'lost', error: 'ECONNRESET', wasSent: true };
const REFUSED: Reply = { kind: 'lost', error: 'ECONNREFUSED', wasSent: false };
const AWAY: Reply = { kind: 'answered', status: 503, body: {}, retryAfterMs: 1 };
const CREATED: Reply = { kind: 'answered', status: 201, body: { id: 'task-1' } };

describe('a producer', () => {
  it('sends a task with an identity again to the other recorder after a lost answer, and after a 503', async () => {
    const producer = answering(LOST, AWAY, CREATED);
    expect(await submit([task('id')], producer.context)).toEqual({
      kind: 'acknowledged',
      taskIds: ['task-1'],
    });
    expect(new Set(producer.recorders).size).toBe(2);
    expect(new Set(producer.texts).size).toBe(1);
  });

  it('does not send a task without identity again where it may have been recorded', async () => {
    expect(await submit([task('none')], answering(LOST).context)).toEqual({ kind: 'unknown' });
    expect(await submit([task('none')], answering(AWAY).context)).toEqual({ kind: 'unknown' });
  });

  it('sends a task without identity again after a refused connection', async () => {
    const { context } = answering(REFUSED, CREATED);
    expect(await submit([task('none')], context)).toMatchObject({ kind: 'acknowledged' });
    expect(context.figures).toMatchObject({ refusedConnections: 1, lostAnswers: 0 });
  });

  it('logs each call before it is sent, and its answer or its loss under the same number', async () => {
    const { context, events } = answering(LOST, CREATED);
    await submit([task('key')], context);
    const [first, lost, second, answered] = events;
    expect(events.map(({ kind }) => kind)).toEqual(['submit', 'submit-answer', 'submit', 'submit-answer']);
    expect(lost).toMatchObject({ call: first?.call, error: 'ECONNRESET' });
    expect(answered).toMatchObject({ call: second?.call, status: 201, taskId: 'task-1' });
    expect(first?.call).not.toBe(second?.call);
  });

  it('learns of each task of a batch whether it was new', async () => {
    const body = {
      tasks: [
        { created: true, task: { id: 'a' } },
        { created: false, task: { id: 'b' } },
      ],
    };
    const { context, events } = answering({ kind: 'answered', status: 201, body });
    await submit([task('id', 1), task('id', 2)], context);
    expect(events.filter(({ kind }) => kind === 'submit-answer')).toMatchObject([
      { status: 201, taskId: 'a' },
      { status: 200, taskId: 'b' },
    ]);
  });
});

function task(identity: TaskPlan['identity'], number = 1) {
  return submissionOf({ ...planOf(7, number), identity }, 'http://127.0.0.1:1', 1_795_000_000_000);
}

function answering(...replies: Reply[]) {
  const events: ProducerEvent[] = [];
  const recorders: string[] = [];
  const texts: string[] = [];
  let calls = 0;
  const context: ProducerContext = {
    log: { write: (event) => void events.push(event), close: () => Promise.resolve() },
    recorders: ['http://one', 'http://two'],
    nextCall: () => (calls += 1),
    nextTurn: () => 0,
    client: {
      post(recorder, _path, call) {
        recorders.push(recorder);
        texts.push(call?.body ?? '');
        const reply = replies.shift();
        return reply ? Promise.resolve(reply) : Promise.reject(new Error('expected no more calls, got one'));
      },
      put: () => Promise.reject(new Error('expected no put')),
      close: () => undefined,
    },
    figures: {
      acknowledged: 0,
      refused: 0,
      unknown: 0,
      lostAnswers: 0,
      refusedConnections: 0,
      unavailable: 0,
      slowestAcknowledgementMs: 0,
    },
  };
  return { context, events, recorders, texts };
}
