import { describe, expect, it } from 'vitest';
import type { CheckResult, Status } from '../run/result.ts';
import { againstBaseline, parseBaseline } from './baseline.ts';

const IDS = ['submit-answers', 'batch-answers'];
const parse = (text: string): ReadonlyMap<string, string> => parseBaseline(text, 'baseline', IDS);

describe('a baseline', () => {
  it('is a map of check ids to reasons', () => {
    expect([...parse('# known\nsubmit-answers: see issue 7\n')]).toEqual([['submit-answers', 'see issue 7']]);
    expect(parse('').size).toBe(0);
  });

  it.each([
    ['submit-answer: x', /no check \(did you mean submit-answers\?\)/],
    ['submit-answers:', /expected a reason for submit-answers/],
    ['- submit-answers', /expected a map/],
    ['submit-answers: a\nsubmit-answers: b', /no YAML/],
    ['a: [', /no YAML/],
  ])('refuses %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  const resultOf = (status: Status): CheckResult => ({
    check: { id: 'submit-answers', title: '', covers: {}, profile: 'core', run: () => Promise.resolve() },
    status,
    durationMs: 0,
    warnings: [],
    timeline: [],
  });
  const baseline = new Map([['submit-answers', 'see issue 7']]);

  it.each<[Status, Status]>([
    ['fail', 'expected-fail'],
    ['pass', 'unexpected-pass'],
    ['warn', 'unexpected-pass'],
    ['not-applicable', 'not-applicable'],
    ['harness-error', 'harness-error'],
  ])('makes %s %s', (status, expected) => {
    expect(againstBaseline(resultOf(status), baseline).status).toBe(expected);
  });

  it('leaves alone what it does not name', () => {
    expect(againstBaseline(resultOf('fail'), new Map()).status).toBe('fail');
  });
});
