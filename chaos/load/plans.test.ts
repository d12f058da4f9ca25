import { describe, expect, it } from 'vitest';
import { reactionTo } from './behaviours.ts';
import { deliveredBody } from './contents.ts';
import { EVERYTHING, WELL_BEHAVED, planOf } from './plans.ts';
import { conflictingSubmission, submissionOf, submitEvent } from './submissions.ts';

const SOME = Array.from({ length: 20_000 }, (_, number) => number);
const NOW = 1_795_000_000_000;

describe('a plan', () => {
  it('depends on seed and number alone', () => {
    expect(planOf(7, 42)).toEqual(planOf(7, 42));
    expect(planOf(7, 42)).not.toEqual(planOf(8, 42));
  });

  it('has a token and a body of its own', () => {
    const plans = SOME.map((number) => planOf(7, number));
    expect(new Set(plans.map(({ token }) => token)).size).toBe(SOME.length);
    const withBody = plans.filter(
      ({ content }) => content.kind === 'arguments' && content.taskArgs !== undefined,
    );
    expect(new Set(withBody.map(({ content }) => deliveredBody(content).toString('latin1'))).size).toBe(
      withBody.length,
    );
  });

  it('is of every kind within 20,000 tasks', () => {
    const paths = SOME.map((number) => planOf(7, number, { ...EVERYTHING, poison: 10 }).path.split('/')[1]);
    const expected = [
      'ok',
      'slow',
      'flaky',
      'always',
      'reject-once',
      'retry-after',
      'too-many',
      'busy',
      'hang',
      'reset',
    ];
    expect(new Set(paths)).toEqual(new Set([...expected, 'reset-in-headers', 'short-body', 'poison']));
    const afterwards = new Set(SOME.map((number) => planOf(7, number).afterwards.do));
    expect(afterwards).toEqual(
      new Set(['nothing', 'submit-again', 'submit-other', 'cancel', 'run', 'retry']),
    );
  });

  it('leads to a path that its target knows', () => {
    for (const number of SOME) {
      const { path } = planOf(7, number);
      expect(reactionTo(path, 1), path).not.toMatchObject({ status: path.endsWith('/404') ? 0 : 404 });
    }
  });

  it('of the well-behaved mix is answered with 2xx at the first attempt', () => {
    for (const number of SOME) {
      const reaction = reactionTo(planOf(7, number, WELL_BEHAVED).path, 1);
      expect('status' in reaction && reaction.status).toBeOneOf([200, 204]);
    }
  });
});

describe('a submission', () => {
  it('is JSON whose arguments arrive as they were written', () => {
    for (const number of SOME.slice(0, 2000)) {
      const plan = planOf(7, number);
      const { text } = submissionOf(plan, 'http://127.0.0.1:1', NOW);
      expect(() => JSON.parse(text) as unknown, text).not.toThrow();
      if (plan.content.kind === 'arguments') expect(text).toContain(plan.content.taskArgs ?? '');
    }
  });

  it('names the earliest instant that its task may run at', () => {
    const plan = { ...planOf(7, 1), schedule: { delayMs: 500 } };
    const sent = { at: NOW + 9, call: 1, recorder: 'r' };
    expect(submitEvent(submissionOf(plan, 'http://t', NOW), sent).notBefore).toBe(NOW + 509);
    const due = { ...plan, schedule: { dueInMs: 700, expiresInMs: 900 } };
    expect(submitEvent(submissionOf(due, 'http://t', NOW), sent)).toMatchObject({
      notBefore: NOW + 700,
      expiresAt: NOW + 900,
    });
  });

  it('that conflicts has the identity of the first and a token of its own', () => {
    const first = submissionOf({ ...planOf(7, 1), identity: 'id' }, 'http://t', NOW);
    const other = conflictingSubmission(first, 'http://t', NOW);
    expect(other.described.id).toBe(first.described.id);
    expect(other.described.token).not.toBe(first.described.token);
    expect(JSON.parse(other.text)).toMatchObject({ id: first.id });
  });
});
