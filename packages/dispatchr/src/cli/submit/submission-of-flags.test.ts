import { describe, expect, it } from 'vitest';
import { requireTargetAndName, submissionOfFlags } from './submission-of-flags.ts';

describe('submissionOfFlags', () => {
  it('gives the members that flags give, and no others', () => {
    expect(submissionOfFlags({ target: 'http://a', name: 'hello' })).toEqual({
      target: 'http://a',
      taskName: 'hello',
    });
  });

  it('gives what says when its name of the API, beside the rest of the task', () => {
    expect(
      submissionOfFlags({
        queue: 'low',
        id: 'order-1842',
        delay: 5000,
        dueAt: '2029-01-01T00:00:00.000Z',
        expiresAt: '2030-01-01T00:00:00.000Z',
      }),
    ).toEqual({
      queue: 'low',
      id: 'order-1842',
      delayMs: 5000,
      dueAt: '2029-01-01T00:00:00.000Z',
      expiresAt: '2030-01-01T00:00:00.000Z',
    });
  });
});

describe('requireTargetAndName', () => {
  it.each([
    [{ taskName: 'x' }, '--target is missing'],
    [{ target: 'http://a' }, '--name is missing'],
  ])('refuses %o', (task, message) => {
    expect(() => requireTargetAndName(task)).toThrow(message);
  });
});
